import { ConfigError } from "@sonde/core";
import type { Tensor } from "@sonde/nets";
import { partOf } from "../graph/arrangement.js";
import type { ForeignNetwork } from "./foreign-network.js";
import type { ForeignPlace } from "./foreign-places.js";
import type { ForeignSession, ForeignTensor } from "./session.js";

/** Where the points and the channels of a value are, seen in runs. */
export interface ForeignAxes {
  readonly pointAxis: number;
  /** Neighbours on that axis that are one point's, such as the positions of an image laid out as rows. */
  readonly each: number;
  /** With those neighbours on an axis of their own behind the points. */
  readonly channelAxis: number;
  /** For one point. */
  readonly shape: readonly number[];
}

/** What a model does at a few points. */
export interface ForeignProbe {
  readonly hidden: readonly (ForeignPlace & ForeignAxes)[];
  readonly outputs: readonly (Pick<ForeignPlace, "value"> & ForeignAxes)[];
  /** Of one point, over all places. */
  readonly values: number;
  readonly seconds: number;
}

/** Points of the two runs that tell which axis is that of the points. */
const few = [2, 3] as const;

/**
 * Runs a model at two points and at three: the axis that grows with them is that of the points, whatever the operators in between are. Where the file fixes the batch there is one run, and it is the first axis of that size. Values without such an axis are left out.
 *
 * `inputs` are values for each input, for three points at least, or for a batch.
 */
export async function probeForeign(
  network: ForeignNetwork,
  session: ForeignSession,
  inputs: Readonly<Record<string, Tensor>>,
): Promise<ForeignProbe> {
  const { fixedPoints, points: batch } = network.shapes(1);
  const given = new Set(session.outputs);
  const places = network.places.filter(({ value }) => given.has(value));
  const ends = network.outputs.filter((name) => given.has(name));
  const wanted = [...new Set([...places.map(({ value }) => value), ...ends])];
  if (wanted.length === 0) throw new ConfigError("no layer of it puts out real numbers, so there is nothing to measure");
  const counts = fixedPoints ? [batch] : few;
  const seen: ReadonlyMap<string, readonly number[]>[] = [];
  let seconds = 0;
  for (const points of counts) {
    const fed = foreignInputs(network, inputs, 0, points);
    const started = performance.now();
    const made = await session.run(fed, wanted);
    seconds = (performance.now() - started) / 1000 / points;
    seen.push(new Map(made.map(({ name, shape }) => [name, shape])));
  }
  const axesOf = (value: string): ForeignAxes | undefined => {
    const [one, other] = seen.map((shapes) => shapes.get(value) ?? []);
    return foundAxes(other ? [one, other] : [one], counts, network.channelAxis(value));
  };
  const hidden = places.flatMap((place) => {
    const axes = axesOf(place.value);
    return axes && axes.shape.length > 1 ? [{ ...place, ...axes }] : [];
  });
  const looked = new Set(hidden.map(({ value }) => value));
  const outputs = ends.flatMap((value) => {
    const axes = looked.has(value) ? undefined : axesOf(value);
    // Outputs have their units last.
    return axes && axes.shape.length > 1 ? [{ value, ...axes, channelAxis: axes.shape.length - 1 }] : [];
  });
  if (hidden.length + outputs.length === 0)
    throw new ConfigError("no layer of it puts out values for each point, so there is nothing to measure");
  const values = [...hidden, ...outputs].reduce((sum, { shape }) => sum + size(shape), 0);
  return { hidden, outputs, values, seconds };
}

/** The values of some points, as the other program takes them. */
export function foreignInputs(
  network: ForeignNetwork,
  inputs: Readonly<Record<string, Tensor>>,
  start: number,
  points: number,
): ForeignTensor[] {
  const { axes } = network.shapes(points);
  return network.inputs.map(({ name, type }) => ({
    name,
    type,
    ...partOf(inputs[name], axes[name], start, points),
  }));
}

/** Exported for its test: which axis grows with the points, from the shapes at these numbers of them. */
export function foundAxes(
  shapes: readonly (readonly number[])[],
  points: readonly number[],
  channels: number,
): ForeignAxes | undefined {
  const [first, second] = shapes;
  const [some] = points;
  if (second && second.length !== first.length) return undefined;
  const grown = second ? first.flatMap((length, axis) => (length !== second[axis] ? [axis] : [])) : [first.indexOf(some)];
  // Two axes of points are of points that look at each other.
  const [pointAxis] = grown;
  if (grown.length !== 1 || pointAxis < 0) return undefined;
  const each = first[pointAxis] / some;
  if (!Number.isInteger(each) || each < 1 || (second && second[pointAxis] !== each * points[1])) return undefined;
  const rank = first.length;
  const channelAxis = channels < 0 ? rank - 1 : Math.min(channels, rank - 1);
  const shape = first.flatMap((length, axis) => (axis !== pointAxis ? [length] : each === 1 ? [1] : [1, each]));
  return { pointAxis, each, shape, channelAxis: each > 1 && channelAxis >= pointAxis ? channelAxis + 1 : channelAxis };
}

/** A value with an axis of its own for the neighbours that are one point's. */
export function withOwnAxis({ shape, data }: Pick<ForeignTensor, "shape" | "data">, { pointAxis, each }: ForeignAxes): Tensor {
  const values = data instanceof Float64Array ? data : Float64Array.from(data);
  if (each === 1) return { shape, data: values };
  return { shape: shape.flatMap((length, axis) => (axis === pointAxis ? [length / each, each] : [length])), data: values };
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
