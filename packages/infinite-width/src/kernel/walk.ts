import type { ShapedLayer } from "@sonde/nets";
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
  /** x + body(x). */
  add(x: State, body: State, shaped: ShapedLayer): State;
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
export function pools({ layer, body }: ShapedLayer): boolean {
  return layer.kind === "pool" || body.some(pools);
}

function* inside(layers: readonly ShapedLayer[], start: State, steps: Steps): Resting<State> {
  let state = start;
  for (const shaped of layers) state = yield* through(state, shaped, steps);
  return { field: settled(state.field), means: state.means };
}

function* through(state: State, shaped: ShapedLayer, steps: Steps): Resting<State> {
  const { layer, path, weights, output, body } = shaped;
  if (layer.kind === "activation") return yield* steps.activate(state, shaped);
  const { means } = state;
  const field = settled(state.field);
  if (weights) {
    const law = weightLaw(layer, weights, path);
    const after = layer.kind === "conv" ? convKernel(field, layer, output, law) : denseKernel(field, law);
    return { field: after, ...(means && { means: zeros(means, after) }) };
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
    case "residual":
      return steps.add({ field, means }, yield* inside(body, copy({ field, means }), steps), shaped);
    case "concat": {
      const share = shaped.input[shaped.input.length - 1] / output[output.length - 1];
      const after = yield* inside(body, copy({ field, means }), steps);
      return {
        field: join(field, after.field, share),
        ...(means && after.means && { means: join(means, after.means, share) }),
      };
    }
    default:
      return { field, means };
  }
}

/** Blocks keep what they were given, while layers inside may overwrite it. */
function copy({ field, means }: State): State {
  return { field: mapGroups(field, (kernel) => kernel.slice()), ...(means && { means: mapGroups(means, (m) => m.slice()) }) };
}

function join(a: Field, b: Field, share: number): Field {
  const scaled = (groups: readonly Group[], by: number) => groups.map((group) => ({ ...group, share: group.share * by }));
  return { ...b, groups: [...scaled(a.groups, share), ...scaled(b.groups, 1 - share)] };
}

function zeros(means: Field, { positions }: Field): Field {
  const count = positions.reduce((product, n) => product * n, 1);
  return { ...means, positions, groups: [{ share: 1, nngp: new Float64Array(count * means.cols) }] };
}
