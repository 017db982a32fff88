import { ConfigError, type Matrix, runningEstimate, ShapeError } from "@sonde/core";
import type { KernelMatrices } from "@sonde/infinite-width";
import {
  type Architecture,
  type Drawn,
  drawnBy,
  type EstimationOptions,
  type Executor,
  estimateOver,
  hiddenLayers,
  type MetricRequest,
} from "@sonde/nets";
import { type KernelMetricOptions, type KernelState, kernelMetric } from "./metric.js";
import { observedOutput } from "./observed-output.js";
import { pairEstimates } from "./pair-sums.js";

export interface MeasureKernelOptions extends EstimationOptions {
  /** Whether the kernels of every hidden layer are wanted too. Default false. */
  readonly layers?: boolean;
}

/** Kernels between points, as infinite width gives them, with the standard error of every entry. */
export interface MeasuredMatrices extends Pick<KernelMatrices, "nngp"> {
  readonly standardError: Matrix<Float64Array>;
}

/** The same record as that of `infiniteWidthKernel`, measured. */
export interface MeasuredKernel extends MeasuredMatrices {
  readonly layers?: readonly (MeasuredMatrices & { readonly layer: number })[];
  readonly networks: number;
  readonly method: Drawn;
  readonly executor: Executor;
  readonly interrupted: boolean;
}

/** Bytes that the sums over all pairs of points may take. */
const mostBytes = 2 ** 28;

/**
 * Measures the NNGP kernel of networks of finite width at the output, E f(x) f(x') over random networks, with the standard error of every entry. Output layers with independent weights are
 * drawn with 1024 outputs, which does not change the kernel.
 *
 * `[points, size of input] -> [points, points]`. `relativeError` is about the kernel's trace. The mean over networks differs from the infinite width's kernel by about depth / width.
 *
 * @throws ConfigError, ShapeError or DomainError for a request that makes no sense
 *
 * @example
 * const { nngp, standardError } = await measureKernel(mlp("2-64x2-1"), matrixFromRows([[1, 0], [0, 1]]), { networks: 100 });
 * Math.abs(nngp.data[0] - 1) < 5 * standardError.data[0] // true
 */
export async function measureKernel(
  architecture: Architecture,
  inputs: Matrix<Float64Array>,
  options: MeasureKernelOptions = {},
): Promise<MeasuredKernel> {
  const seen = observedOutput(architecture);
  const request = kernelRequest(seen, inputs, { last: !options.layers });
  const { states, networks, executor, interrupted } = await estimateOver(seen, inputs, [request], options);
  const all = kernelLayers(states[0] as KernelState, inputs.rows);
  const output = all[all.length - 1];
  const hidden = all.slice(0, hiddenLayers(architecture).length);
  const run = { networks, method: drawnBy[executor], executor, interrupted };
  return { nngp: output.nngp, standardError: output.standardError, ...(options.layers && { layers: hidden }), ...run };
}

/** What an ensemble is asked for the kernel between points. */
export function kernelRequest(
  architecture: Architecture,
  inputs: Matrix,
  options: KernelMetricOptions = {},
): MetricRequest<KernelState> {
  if (inputs.rows === 0) throw new ShapeError("a kernel needs at least one point, got none: give one row or more");
  const layers = hiddenLayers(architecture);
  const points = inputs.rows;
  const pairs = (points * (points + 1)) / 2;
  const kept = options.last ? layers.slice(-1) : layers;
  if (16 * pairs * kept.length > mostBytes)
    throw new ConfigError(
      `the kernels of ${points} points in ${kept.length} layers take too much memory while they are measured: give fewer points`,
    );
  const values = kept.reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);
  return {
    metric: kernelMetric,
    options,
    steps: 10 * pairs * values,
    watched: ({ trace }) => (trace.count > 1 ? runningEstimate(trace) : undefined),
  };
}

/** The kernels of a state's layers, counted from 1. */
export function kernelLayers(state: KernelState, points: number): (MeasuredMatrices & { readonly layer: number })[] {
  return state.layers.map((sums, l) => {
    const { mean, standardError } = pairEstimates(sums, points);
    return { layer: l + 1, nngp: mean, standardError };
  });
}
