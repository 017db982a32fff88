import { ConfigError, quote } from "@sonde/core";
import type { Dimension, ModelFile } from "../model-file.js";
import { notRun } from "./model-graph.js";

/** Sizes of open axes that are no points. */
export interface AssumedSizes {
  /** Height and width of images. */
  readonly image: number;
  /** Length of sequences. */
  readonly sequence: number;
}

const usual: AssumedSizes = { image: 64, sequence: 16 };

/** The shapes of a model's inputs with every axis fixed, and where the points are in them. */
export interface InputShapes {
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** By input; none for those that are the same for all points. */
  readonly axes: Readonly<Record<string, number | undefined>>;
  readonly points: number;
  readonly fixedPoints: boolean;
  readonly notes: readonly string[];
}

/** Fixes open axes: that of the points, which is the first unless only another one is open, and others by what was asked for or by what is usual. */
export function inputShapes(
  { inputs }: ModelFile,
  {
    points: wanted = 1,
    input: asked,
    assumed = usual,
  }: { readonly points?: number; readonly input?: readonly number[]; readonly assumed?: AssumedSizes },
): InputShapes {
  if (inputs.length === 0) throw notRun("it has no input, so it computes the same whatever it is given");
  const notes: string[] = [];
  const axes: Record<string, number | undefined> = {};
  const [first] = inputs;
  if (!first.shape) throw notRun(`its input ${quote(first.name)} has no shape in the file: export it again with one`);
  const axis = pointAxis(first.shape);
  // A single number is a point.
  const own = first.shape.length === 0 ? 1 : first.shape[axis];
  const fixedPoints = typeof own === "number";
  const points = fixedPoints ? own : wanted;
  // What is open without a name may be anything.
  const batch = fixedPoints || own === "?" ? undefined : own;
  const taken = (name: string, { length }: readonly Dimension[], axis: string): number => {
    const size = length >= 4 ? assumed.image : assumed.sequence;
    notes.push(`the axis ${quote(axis)} of the input ${quote(name)} is open: ${size} was taken`);
    return size;
  };
  const shapes = inputs.map(({ name, shape }, k): [string, readonly number[]] => {
    if (!shape) throw notRun(`its input ${quote(name)} has no shape in the file: export it again with one`);
    const at = k === 0 ? axis : pointAxis(shape, batch);
    // A further input whose size is fixed otherwise says the same of all points.
    if (k > 0 && (shape.length === 0 || (typeof shape[at] === "number" && (!fixedPoints || shape[at] !== points))))
      return [name, shape.map((size) => (typeof size === "number" ? size : taken(name, shape, size)))];
    axes[name] = at;
    if (k === 0 && asked) {
      const found = [...asked.slice(0, at), points, ...asked.slice(at)];
      const wrong =
        found.length !== shape.length || found.some((size, j) => j !== at && typeof shape[j] === "number" && shape[j] !== size);
      if (wrong)
        throw new ConfigError(
          `a point of the input ${quote(name)} is ${shown(shape.filter((_, j) => j !== at))}, got ${shown(asked)}: give the sizes that are open, leave the others`,
        );
      return [name, found];
    }
    return [
      name,
      shape.map((size, j) => {
        if (j === at) return points;
        if (typeof size === "number") return size;
        return size === batch ? points : taken(name, shape, size);
      }),
    ];
  });
  return { shapes: Object.fromEntries(shapes), axes, points, fixedPoints, notes };
}

/** The axis of the points: the open one of that name, the first if it is open, else the only open one, else the first. */
function pointAxis(shape: readonly Dimension[], batch?: Dimension): number {
  const same = batch === undefined ? -1 : shape.indexOf(batch);
  if (same >= 0) return same;
  const named = shape.findIndex((size) => typeof size === "string" && /batch|^N$|^b$/i.test(size));
  if (named >= 0) return named;
  const open = shape.flatMap((size, axis) => (typeof size === "string" ? [axis] : []));
  return open.length === 1 && shape.length > 1 && open[0] < 2 ? open[0] : 0;
}

function shown(shape: readonly Dimension[]): string {
  return `[${shape.join(", ")}]`;
}
