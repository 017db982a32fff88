import type { Matrix } from "@sonde/core";
import type { Architecture, ShapedLayer } from "@sonde/nets";
import type { ActivationKernel, PreparedPoints } from "./activation-kernel.js";
import { addFields, addMeans, type Placing } from "./blocks.js";
import { combine } from "./channels.js";
import { type Field, type Group, mixed, overPositions, positionCount, settled } from "./field.js";
import { inputField, ownInputField, type Range } from "./input-field.js";
import { normaliseField } from "./normalise.js";
import { pools, type Resting, type Steps, walkKernel } from "./walk.js";

/** What each point of a set brings to the layers that look at points one by one, by the path of the layer. Arrays are over [positions, points]. */
export interface PointStatistics {
  readonly points: number;
  /** For every group of channels. */
  readonly activations: ReadonlyMap<string, readonly PreparedPoints[]>;
  readonly norms: ReadonlyMap<string, NormStatistics>;
  readonly sums: ReadonlyMap<string, readonly SumStatistics[]>;
}

/** z = (x - shift) scale for every point; `means` are those of x in every group of channels, zero where absent. */
export interface NormStatistics {
  readonly shift: Float64Array;
  readonly scale: Float64Array;
  readonly means: readonly Float64Array[];
}

/** Means of what a residual block adds up, in one group of channels. */
interface SumStatistics {
  readonly own: Float64Array;
  readonly added: Float64Array;
}

/** What layers leave behind of some points, by their paths: arrays over [positions, points]. */
interface Trace {
  readonly points: number;
  readonly arrays: Map<string, readonly Float64Array[]>;
  readonly prepared: Map<string, readonly PreparedPoints[]>;
}

/** The activation of a layer, as kernels see it. */
export type ActivationOf = (shaped: ShapedLayer) => ActivationKernel;

/** Carries every point of a set through the layers, each with itself; rests after every few. */
export function* pointStatistics(
  architecture: Architecture,
  layers: readonly ShapedLayer[],
  inputs: Matrix,
  activationOf: ActivationOf,
): Resting<PointStatistics> {
  const across = layers.some(pools);
  const traces: Trace[] = [];
  const step = across ? 1 : costly(layers, activationOf) ? 16 : 1024;
  for (let first = 0; first < inputs.rows; first += step) {
    const range = { first, last: Math.min(inputs.rows, first + step) };
    traces.push(yield* trail(architecture, layers, inputs, range, activationOf, across));
    yield;
  }
  const trace = gather(traces);
  const activations = new Map<string, readonly PreparedPoints[]>();
  const norms = new Map<string, NormStatistics>();
  const sums = new Map<string, readonly SumStatistics[]>();
  const collect = (shaped: ShapedLayer): void => {
    shaped.branches.flat().forEach(collect);
    const arrays = trace.arrays.get(shaped.path);
    if (!arrays) return;
    if (shaped.layer.kind === "activation") activations.set(shaped.path, trace.prepared.get(shaped.path) ?? []);
    if (shaped.layer.kind === "norm") norms.set(shaped.path, { shift: arrays[0], scale: arrays[1], means: arrays.slice(2) });
    if (shaped.layer.kind !== "residual") return;
    const parts = Array.from({ length: arrays.length / 2 }, (_, g) => ({ own: arrays[2 * g], added: arrays[2 * g + 1] }));
    // Most blocks end with weights, and add what has no mean.
    if (parts.some(({ own, added }) => own.some((m) => m !== 0) && added.some((m) => m !== 0))) sums.set(shaped.path, parts);
  };
  layers.forEach(collect);
  return { points: inputs.rows, activations, norms, sums };
}

/** Whether points take so long that signals should be let in after a few. */
function costly(layers: readonly ShapedLayer[], activationOf: ActivationOf): boolean {
  return layers.some(
    (shaped) =>
      (shaped.layer.kind === "activation" && activationOf(shaped).costly) || costly(shaped.branches.flat(), activationOf),
  );
}

/** Carries some points through the layers at once; `across` only one. */
function* trail(
  { input }: Architecture,
  layers: readonly ShapedLayer[],
  inputs: Matrix,
  range: Range,
  activationOf: ActivationOf,
  across: boolean,
): Resting<Trace> {
  const trace: Trace = { points: range.last - range.first, arrays: new Map(), prepared: new Map() };
  const { variances, means } = ownInputField(input, inputs, range);
  const field = across ? yield* inputField(input, inputs, inputs, { rows: range, cols: range, across, ntk: false }) : variances;
  yield* walkKernel(layers, { field, means }, ownSteps(trace, activationOf));
  return trace;
}

function ownSteps(trace: Trace, activationOf: ActivationOf): Steps {
  return {
    *activate(state, shaped) {
      const { means } = state;
      const field = settled(state.field);
      const kernel = activationOf(shaped);
      const variances = field.groups.map(({ nngp }) => own(field, nngp));
      trace.arrays.set(shaped.path, variances);
      const prepared: PreparedPoints[] = [];
      for (const group of variances) {
        prepared.push(kernel.prepare(group));
        yield;
      }
      trace.prepared.set(shaped.path, prepared);
      const count = positionCount(field);
      const groups: Group[] = [];
      for (const [g, group] of field.groups.entries()) {
        // Layers may overwrite a field, and what is prepared is kept.
        if (!field.across) {
          groups.push({ ...group, nngp: prepared[g].second.slice() });
          continue;
        }
        const columns = { points: 1, first: 0, last: 1, from: 0, to: count };
        for (let row = 0; row < count; row++) {
          kernel.apply({ nngp: group.nngp, offset: row * count, points: prepared[g], row, others: prepared[g], columns });
          group.nngp[row * count + row] = prepared[g].second[row];
          yield;
        }
        groups.push(group);
      }
      return {
        field: { ...field, groups },
        means: means && { ...means, groups: means.groups.map((group, g) => ({ ...group, nngp: prepared[g].mean.slice() })) },
      };
    },
    normalise(state, shaped) {
      const { field, means } = state;
      const { norm, epsilon = 1e-3, gamma = 1 } = shaped.layer as ShapedLayer["layer"] & { kind: "norm" };
      if (!means) return state;
      const second = overPositions(field, mixed(field).nngp);
      const average = overPositions(means, mixed(means).nngp);
      const shift = norm === "layer" ? Float64Array.from(average) : new Float64Array(field.cols);
      const scale = shift.map((mean, j) => {
        const variance = second[j] - mean * mean + epsilon;
        return variance > 0 ? gamma / Math.sqrt(variance) : 0;
      });
      const ownMeans = means.groups.map(({ nngp }) => nngp.slice());
      trace.arrays.set(shaped.path, [shift, scale, ...ownMeans]);
      const statistics: NormStatistics = { shift, scale, means: ownMeans };
      normaliseField(field, statistics, statistics, itself(field));
      for (const { nngp } of means.groups)
        for (let e = 0; e < nngp.length; e++) nngp[e] = (nngp[e] - shift[e % field.cols]) * scale[e % field.cols];
      return state;
    },
    add(x, body, shaped) {
      const parts =
        x.means && body.means ? combine(x.means.groups, body.means.groups, (a, b) => ({ own: a.nngp, added: b.nngp })) : [];
      trace.arrays.set(
        shaped.path,
        parts.flatMap(({ own, added }) => [own, added]),
      );
      const field = addFields(x.field, body.field);
      addMeans(field, parts, parts, itself(field));
      return {
        field,
        means: x.means && {
          ...x.means,
          groups: parts.map(({ share, own, added }) => ({ share, nngp: own.map((m, e) => m + added[e]) })),
        },
      };
    },
  };
}

/** Every column is paired with itself. */
function itself({ cols }: Field): Placing {
  return { row: (_, j) => j, column: (j) => j, rows: cols, columns: cols };
}

/** The variance of every position, `[positions, points]`, of a field of points with themselves. */
function own(field: Field, kernel: Float64Array): Float64Array {
  if (!field.across) return kernel.slice();
  const count = positionCount(field);
  return Float64Array.from({ length: count }, (_, s) => kernel[s * count + s]);
}

/** The traces of some points each as one of all. */
function gather(traces: readonly Trace[]): Trace {
  const points = traces.reduce((sum, trace) => sum + trace.points, 0);
  const result: Trace = { points, arrays: new Map(), prepared: new Map() };
  const [head] = traces;
  for (const [path, arrays] of head.arrays)
    result.arrays.set(
      path,
      arrays.map((_, g) =>
        joined(
          traces.map((trace) => (trace.arrays.get(path) ?? [])[g]),
          traces,
        ),
      ),
    );
  for (const [path, groups] of head.prepared)
    result.prepared.set(
      path,
      groups.map((_, g) => {
        const parts = traces.map((trace) => (trace.prepared.get(path) ?? [])[g]);
        const field = (name: Exclude<keyof PreparedPoints, "series">) =>
          joined(
            parts.map((part) => part[name]),
            traces,
          );
        return {
          mean: field("mean"),
          second: field("second"),
          derivativeSecond: field("derivativeSecond"),
          variances: field("variances"),
          sd: field("sd"),
          inverse: field("inverse"),
          ...(parts[0].series && {
            series: interleaved(
              parts.map(({ series = [] }) => series),
              traces,
            ),
          }),
        };
      }),
    );
  return result;
}

/** Arrays over [positions, some points] as one over [positions, points]. */
function joined(parts: readonly Float64Array[], traces: readonly Trace[]): Float64Array {
  if (parts.length === 1) return parts[0];
  const result = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (let s = 0; at < result.length; s++)
    parts.forEach((part, k) => {
      const { points } = traces[k];
      result.set(part.subarray(s * points, (s + 1) * points), at);
      at += points;
    });
  return result;
}

/** The same of anything. */
function interleaved<Value>(parts: readonly (readonly Value[])[], traces: readonly Trace[]): Value[] {
  const positions = parts[0].length / traces[0].points;
  return Array.from({ length: positions }, (_, s) =>
    parts.flatMap((part, k) => part.slice(s * traces[k].points, (s + 1) * traces[k].points)),
  ).flat();
}
