import { ConfigError, type Matrix } from "@sonde/core";
import { exp2, log } from "@sonde/core/math";
import { type Architecture, branchesOf, forward, hiddenLayers, type Layer, mapBranches, type Network } from "@sonde/nets";
import { firstRows } from "../data/rows-of.js";
import type { TrainingData } from "../data/training-data.js";
import type { TrainingExecutor } from "../executor.js";
import { executorFor } from "../executors.js";
import { networkOf } from "../parameters.js";
import { planTraining, type RecipeOptions } from "../plan-training.js";
import { type Quantiles, quantilesOver } from "../quantiles.js";

export interface CoordinateOptions extends RecipeOptions {
  readonly data: TrainingData;
  /** Factors of the widths of all hidden layers. Default 1, 2, 4, 8. */
  readonly factors?: readonly number[];
  /** Steps that are looked at, default 5. */
  readonly steps?: number;
  /** Networks of each width, default 8. */
  readonly runs?: number;
  readonly executors?: readonly TrainingExecutor[];
  readonly signal?: AbortSignal;
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
  readonly factors: readonly number[];
  readonly steps: readonly number[];
  readonly layers: readonly CoordinateLayer[];
  readonly runs: number;
}

/** Points at which activations are averaged. */
const most = 256;

/**
 * The coordinate check of users of mu-parametrisation: the mean |activation| by layer over widths and the first steps of training. Where coordinates grow or shrink with width after a few steps, a learning rate found at one width does not
 * fit another.
 *
 * Throws `ConfigError` for factors that are not above 0 or no list, and as `planTraining` does.
 *
 * @see Yang et al., arXiv 2203.03466, appendix D.1
 *
 * @example
 * const { layers } = await coordinateCheck(mlp("2-8x2-2"), { data: xorData(), factors: [1, 2], runs: 2, steps: 1 });
 * layers.length // 3
 */
export async function coordinateCheck(architecture: Architecture, options: CoordinateOptions): Promise<CoordinateRecord> {
  const { factors = [1, 2, 4, 8], steps = 5, runs = 8, data, executors, signal } = options;
  if (factors.length === 0 || factors.some((factor) => !(factor > 0 && factor < Number.POSITIVE_INFINITY)))
    throw new ConfigError(`widths are multiplied by finite numbers above 0, got ${factors.join(", ") || "none"}`);
  const points = firstRows(data.inputs, most);
  const numbers = [...hiddenLayers(architecture).map(({ layer }) => layer), "output" as const];
  const values = numbers.map(() => factors.map((): Quantiles[] => []));
  for (const [f, factor] of factors.entries()) {
    const plan = planTraining(widened(architecture, factor), data, { ...options, steps, runs });
    const executor = executorFor(plan, undefined, executors);
    const group = await executor.prepare(plan, 0, runs);
    for (let step = 0; step <= steps; step++) {
      signal?.throwIfAborted();
      if (step > 0) await group.advance(1);
      const sizes = Array.from({ length: runs }, (_, k) => coordinates(networkOf(plan, group.parameters(k)), points));
      for (const [l, at] of values.entries()) at[f].push(quantilesOver(sizes, (one) => one[l]));
    }
    group.dispose();
  }
  return {
    factors,
    steps: Array.from({ length: steps + 1 }, (_, step) => step),
    layers: numbers.map((layer, l) => ({
      layer,
      values: values[l],
      slope: slopeOf(
        factors,
        values[l].map((at) => at[steps].p50),
      ),
    })),
    runs,
  };
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
