import type { ShapedLayer } from "@sonde/nets";
import { channelShares } from "./channels.js";
import { type Field, type Group, mapGroups, settled, withoutAcross } from "./field.js";
import { convKernel, denseKernel, flattenKernel, poolKernel, poolMeans } from "./linear.js";
import { weightLaw } from "./weight-law.js";

/** Kernels on their way through a network and, for points with themselves, the means of their channels. */
export interface State {
  readonly field: Field;
  /** A field of one row without `across`, whose `nngp` are means. */
  readonly means?: Field;
}

/** Work that rests now and then, so that whoever runs it can let signals in. */
export type Resting<Result> = Generator<void, Result>;

/** What differs between pairs of points and points with themselves. Each may overwrite what it is given; only `activate` sees fields with something pending. */
export interface Steps {
  /** Takes long, and rests. */
  activate(state: State, shaped: ShapedLayer): Resting<State>;
  normalise(state: State, shaped: ShapedLayer): State;
  /** The sum of two branches of a residual block. */
  add(a: State, b: State, shaped: ShapedLayer): State;
  /** Called after every hidden layer. */
  observe?(field: Field, hidden: number): void;
}

/** Carries a state through the layers; they were checked by `checkKernelLayers`. */
export function* walkKernel(layers: readonly ShapedLayer[], start: State, steps: Steps): Resting<State> {
  const last = layers.map(pools).lastIndexOf(true);
  let state = start;
  for (const [index, shaped] of layers.entries()) {
    const after = yield* through(state, shaped, steps);
    if (shaped.hidden !== undefined) steps.observe?.(after.field, shaped.hidden);
    if (index === layers.length - 1) state = { ...after, field: settled(after.field) };
    else state = index === last ? { ...after, field: withoutAcross(after.field) } : after;
    yield;
  }
  return state;
}

/** Whether a layer averages over positions, so that covariances across them are needed. */
export function pools({ layer, branches }: ShapedLayer): boolean {
  return layer.kind === "pool" || branches.some((branch) => branch.some(pools));
}

function* inside(layers: readonly ShapedLayer[], start: State, steps: Steps): Resting<State> {
  let state = start;
  for (const shaped of layers) state = yield* through(state, shaped, steps);
  return { field: settled(state.field), means: state.means };
}

function* through(state: State, shaped: ShapedLayer, steps: Steps): Resting<State> {
  const { layer, path, weights, output, branches, join } = shaped;
  if (layer.kind === "activation") return yield* steps.activate(state, shaped);
  const { means } = state;
  const field = settled(state.field);
  if (weights) {
    const law = weightLaw(layer, weights, path);
    const after = layer.kind === "conv" ? convKernel(field, layer, output, law) : denseKernel(field, law);
    return { field: after, ...(means && { means: zeros(means, after) }) };
  }
  if (join) {
    // Branches keep what they were given, while layers inside may overwrite it.
    const ends: State[] = [];
    for (const branch of branches) ends.push(yield* inside(branch, copy({ field, means }), steps));
    if (join.kind === "sum") return ends.map((end, k) => times(end, join.factors[k])).reduce((a, b) => steps.add(a, b, shaped));
    return beside(ends, channelShares(join));
  }
  switch (layer.kind) {
    case "norm":
      return steps.normalise({ field, means }, shaped);
    case "pool":
      return {
        field: poolKernel(field, layer.window, output),
        ...(means && { means: poolMeans(means, layer.window, output) }),
      };
    case "flatten":
      return { field: flattenKernel(field), ...(means && { means: flattenKernel(means) }) };
    default:
      return { field, means };
  }
}

function copy({ field, means }: State): State {
  return { field: mapGroups(field, (kernel) => kernel.slice()), ...(means && { means: mapGroups(means, (m) => m.slice()) }) };
}

/** Channels times a factor: kernels with its square, means with the factor itself. */
function times({ field, means }: State, factor: number): State {
  if (factor === 1) return { field, ...(means && { means }) };
  const by = (scale: number) => (kernel: Float64Array) => kernel.map((value) => scale * value);
  return { field: mapGroups(field, by(factor * factor)), ...(means && { means: mapGroups(means, by(factor)) }) };
}

/** Channels of several branches beside each other. */
function beside(ends: readonly State[], shares: readonly number[]): State {
  const groups = (fields: readonly Field[]): Field => ({
    ...fields[fields.length - 1],
    groups: fields.flatMap((field, k) => field.groups.map((group): Group => ({ ...group, share: group.share * shares[k] }))),
  });
  const means = ends.flatMap((end) => (end.means ? [end.means] : []));
  return { field: groups(ends.map(({ field }) => field)), ...(means.length === ends.length && { means: groups(means) }) };
}

function zeros(means: Field, { positions }: Field): Field {
  const count = positions.reduce((product, n) => product * n, 1);
  return { ...means, positions, groups: [{ share: 1, nngp: new Float64Array(count * means.cols) }] };
}
