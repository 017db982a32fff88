import { breather, ConfigError, type Matrix } from "@sonde/core";
import { exp2, log } from "@sonde/core/math";
import { type Architecture, branchesOf, forward, hiddenLayers, type Layer, mapBranches, type Network } from "@sonde/nets";
import type { CoordinateCheckpoint, NetworkSizes } from "../checkpoint.js";
import { firstRows } from "../data/rows-of.js";
import type { TrainingData } from "../data/training-data.js";
import type { TrainingExecutor } from "../executor.js";
import { executorFor } from "../executors.js";
import { checkState, groupsOf } from "../groups.js";
import { networkOf } from "../parameters.js";
import type { TrainingPlan } from "../plan.js";
import { planTraining, type RecipeOptions } from "../plan-training.js";
import { type Quantiles, quantilesOver } from "../quantiles.js";

export interface CoordinateOptions extends RecipeOptions {
  readonly data: TrainingData;
  /** Factors of the widths of all hidden layers. Default 1, 2, 4, 8. */
  readonly factors?: readonly number[];
  /** Steps that are looked at, 1 to 1000, default 5. */
  readonly steps?: number;
  /** Networks of each width, default 8. */
  readonly runs?: number;
  /** The name of an executor. Default: the fastest that can. */
  readonly executor?: string;
  readonly executors?: readonly TrainingExecutor[];
  readonly signal?: AbortSignal;
  /** Steps done, over all networks of all widths. */
  readonly progress?: (done: number, most: number) => void;
  /** An interrupted check of the same plan that this one goes on from. */
  readonly resume?: CoordinateCheckpoint;
  /** As for `trainSteps`. */
  readonly checkpoint?: (take: () => Promise<CoordinateCheckpoint>, hurry: boolean) => Promise<void> | void;
}

/** Mean |activation| of one layer, over points and units, as quantiles over networks. */
export interface CoordinateLayer {
  /** Counted from 1; the output comes last. */
  readonly layer: number | "output";
  /** `[widths][steps]`, from before the first step on. */
  readonly values: readonly (readonly Quantiles[])[];
  /** The slope of ln of the median against ln of the width's factor at the last step: 0 where coordinates keep their size with width; null where one is 0 or not finite. */
  readonly slope: number | null;
}

export interface CoordinateRecord {
  /** Those whose networks are finished, or some of them where the check was interrupted. */
  readonly factors: readonly number[];
  readonly steps: readonly number[];
  readonly layers: readonly CoordinateLayer[];
  readonly runs: number;
  readonly interrupted: boolean;
}

/** Points at which activations are averaged, and steps that may be looked at. */
const [mostPoints, mostSteps] = [256, 1000];

/**
 * The coordinate check of users of mu-parametrisation: the mean |activation| by layer over widths and the first steps of training. Where coordinates grow or shrink with width after a few steps, a learning rate found at one width does not
 * fit another.
 *
 * When `signal` aborts, what is known of the networks that are finished is returned, marked `interrupted`; before the first its reason is thrown.
 *
 * Throws `ConfigError` for factors that are not above 0 or no list, and for too many steps, and as `planTraining` does.
 *
 * @see Yang et al., arXiv 2203.03466, appendix D.1
 *
 * @example
 * const { layers } = await coordinateCheck(mlp("2-8x2-2"), { data: xorData(), factors: [1, 2], runs: 2, steps: 1 });
 * layers.length // 3
 */
export async function coordinateCheck(architecture: Architecture, options: CoordinateOptions): Promise<CoordinateRecord> {
  const { factors = [1, 2, 4, 8], steps = 5, runs = 8, data, signal } = options;
  if (factors.length === 0 || factors.some((factor) => !(factor > 0 && factor < Number.POSITIVE_INFINITY)))
    throw new ConfigError(`widths are multiplied by finite numbers above 0, got ${factors.join(", ") || "none"}`);
  if (!(steps <= mostSteps)) throw new ConfigError(`the coordinate check looks at 1 to ${mostSteps} steps, got ${steps}`);
  const numbers = [...hiddenLayers(architecture).map(({ layer }) => layer), "output" as const];
  const plans = factors.map((factor) => planTraining(widened(architecture, factor), data, { ...options, steps, runs }));
  const sizes: NetworkSizes[][] = factors.map((_, f) => [...(options.resume?.sizes[f] ?? [])]);
  let interrupted = false;
  try {
    await checkAll(plans, sizes, options);
  } catch (error) {
    if (!signal?.aborted || error !== signal.reason || sizes[0].length === 0) throw error;
    interrupted = true;
  }
  const known = sizes.filter((networks) => networks.length > 0);
  const looks = Array.from({ length: steps + 1 }, (_, step) => step);
  return {
    factors: factors.slice(0, known.length),
    steps: looks,
    layers: numbers.map((layer, l) => {
      const values = known.map((networks) => looks.map((step) => quantilesOver(networks, (one) => one[step][l])));
      const ends = values.map((at) => at[steps].p50);
      return { layer, values, slope: slopeOf(factors.slice(0, known.length), ends) };
    }),
    runs,
    interrupted,
  };
}

/** Trains the networks of all plans that `sizes` does not have yet, group by group, and adds theirs. */
async function checkAll(
  plans: readonly TrainingPlan[],
  sizes: NetworkSizes[][],
  { data, executor: name, executors, signal, progress, resume, checkpoint }: CoordinateOptions,
): Promise<void> {
  const points = firstRows(data.inputs, mostPoints);
  const chosen = plans.map((plan) => executorFor(plan, name, executors));
  const [{ steps, runs }] = plans;
  const breathe = breather();
  // Only the first group may go on from where it was.
  let saved = resume?.state && { state: resume.state, begun: resume.begun };
  for (const [f, plan] of plans.entries()) {
    const executor = chosen[f];
    for (const { first, count } of groupsOf(plan, executor.cost(plan))) {
      if (first < sizes[f].length) continue;
      signal?.throwIfAborted();
      if (saved) checkState(saved.state, executor.name, { first, count });
      const group = await executor.prepare(plan, first, count, saved?.state);
      const begun = Array.from({ length: count }, (_, k) => [...(saved?.begun[k] ?? [])]);
      saved = undefined;
      const save = (hurry: boolean) => checkpoint?.(async () => ({ sizes, begun, state: group.save() }), hurry);
      try {
        while (begun[0].length <= steps) {
          signal?.throwIfAborted();
          if (begun[0].length > 0) await group.advance(1);
          for (const [k, own] of begun.entries()) own.push(coordinates(networkOf(plan, group.parameters(k)), points));
          progress?.((f * runs + first) * steps + group.step * count, plans.length * runs * steps);
          await save(false);
          await breathe();
        }
      } catch (error) {
        if (signal?.aborted) await save(true);
        throw error;
      } finally {
        group.dispose();
      }
      sizes[f].push(...begun);
    }
  }
  await checkpoint?.(async () => ({ sizes, begun: [] }), true);
}

/** The architecture with so many times the units in every layer with weights but the last, rounded, at least 1. */
export function widened(architecture: Architecture, factor: number): Architecture {
  const units = (count: number) => Math.max(1, Math.round(factor * count));
  const last = architecture.layers.map(hasWeights).lastIndexOf(true);
  const wider = (layer: Layer): Layer => {
    if (branchesOf(layer).length > 0) return mapBranches(layer, (layers) => layers.map(wider));
    if (layer.kind === "conv") return { ...layer, channels: units(layer.channels) };
    return layer.kind === "dense" || layer.kind === "embedding" ? { ...layer, units: units(layer.units) } : layer;
  };
  return { ...architecture, layers: architecture.layers.map((layer, index) => (index === last ? layer : wider(layer))) };
}

function hasWeights(layer: Layer): boolean {
  return layer.kind === "dense" || layer.kind === "conv" || branchesOf(layer).length > 0;
}

/** Mean |activation| of each hidden layer and of the output. */
function coordinates(network: Network, points: Matrix<Float64Array>): number[] {
  const sizes: number[] = [];
  const outputs = forward(network, points, {
    observe: ({ activations, exponent }) => sizes.push(meanSize(activations) * exp2(exponent)),
  });
  return [...sizes, meanSize(outputs)];
}

function meanSize({ data }: Matrix<Float64Array>): number {
  let sum = 0;
  for (let k = 0; k < data.length; k++) sum += Math.abs(data[k]);
  return sum / data.length;
}

/** Least squares. */
function slopeOf(factors: readonly number[], sizes: readonly (number | null)[]): number | null {
  const points = factors.map((factor, f) => ({ x: log(factor), y: log(sizes[f] ?? 0) }));
  if (!points.every(({ y }) => Number.isFinite(y))) return null;
  const middle = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [middle((p) => p.x), middle((p) => p.y)];
  const spread = middle((p) => (p.x - x) * (p.x - x));
  return spread > 0 ? middle((p) => (p.x - x) * (p.y - y)) / spread : null;
}
