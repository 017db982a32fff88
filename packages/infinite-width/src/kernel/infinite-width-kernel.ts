import { activation, breather, ConfigError, DomainError, type Matrix, matrix, ShapeError } from "@sonde/core";
import { type Architecture, inferShapes, size as sizeOf } from "@sonde/nets";
import { type ActivationKernel, activationKernel } from "./activation-kernel.js";
import { checkKernelLayers } from "./channels.js";
import { checkWork } from "./check-work.js";
import { type Field, mixed, overPositions } from "./field.js";
import { inputField, type Range } from "./input-field.js";
import { area, kernelBlocks } from "./kernel-blocks.js";
import { pairSteps } from "./pair-steps.js";
import { type ActivationOf, pointStatistics } from "./statistics.js";
import { pools, type Resting, walkKernel } from "./walk.js";

export interface KernelOptions {
  /** Pairs of the points with those of this set instead of with each other, `[other points, size of input]`. */
  readonly others?: Matrix;
  /** Whether the tangent kernel is wanted. Default true. */
  readonly ntk?: boolean;
  /** Whether the kernels of every hidden layer are wanted too. Default false. */
  readonly layers?: boolean;
  /**
   * Dropout after every activation, while training: the probability in [0, 1) that a value becomes 0, for itself at every point and position; those kept are divided by
   * 1 - dropout. Default 0.
   */
  readonly dropout?: number;
  /** Bytes that a block of the kernel may take while it is computed, beside the result. Default 64 MiB; one row of a block may need more. */
  readonly memory?: number;
  readonly signal?: AbortSignal;
  /** Called after every block with the entries done and all of them. */
  readonly progress?: (done: number, all: number) => void;
}

/** Kernels between points at one place of a network. */
export interface KernelMatrices {
  /** E h(x) h(x') for a channel h, averaged over positions: `[points, other points]`. */
  readonly nngp: Matrix<Float64Array>;
  /** The neural tangent kernel there. */
  readonly ntk?: Matrix<Float64Array>;
}

export interface KernelRecord extends KernelMatrices {
  /** The hidden layers, where asked for, counted from 1. */
  readonly layers?: readonly (KernelMatrices & { readonly layer: number })[];
  /** An upper estimate of the relative error of one activation's dual, the largest met. */
  readonly error: number;
}

/**
 * The kernels of an infinitely wide network at its output, from the description that random networks are drawn from: NNGP, the covariance of an output between two
 * inputs over random networks, and NTK, the inner product of its gradients. With K = x . x' / d and Theta = 0 at the input,
 *
 *     weights:     K <- sigma_w^2 K + sigma_b^2,   Theta <- K + sigma_w^2 Theta   (the new K; NTK parameterisation)
 *     activation:  K <- E phi(u) phi(v),           Theta <- Theta E phi'(u) phi'(v)
 *
 * A convolution averages K over its window first, zeros outside the input included; average pooling over pairs of positions in two windows, flattening over positions; layer and
 * RMS norm divide by the roots of both variances (+ epsilon); a residual block adds kernels, a concat block averages them by the share of channels; dropout divides what a point has
 * with itself after an activation by 1 - dropout. Only ratios of widths count.
 *
 * `[points, size of input] -> [points, points]`; symmetric to the last bit without `others`. Computed in blocks; with a signal that aborts its reason is thrown. Cosines
 * of angles are good to about 1e-16 a layer (the kernel's own rounding); `angleRecursion` keeps small angles.
 *
 * @throws ConfigError for a layer that has no infinite-width form, with its path and the reason, and for what takes longer than an hour at least; ShapeError for points that do not fit
 * @see Lee et al. 2018 (arXiv 1711.00165); Novak et al. 2019 (arXiv 1810.05148); Jacot et al. 2018 (arXiv 1806.07572); Yang 2019 (arXiv 1902.04760)
 *
 * @example
 * const { nngp } = await infiniteWidthKernel(mlp("2-64-1"), matrixFromRows([[1, 1], [1, -1]]));
 * nngp.data // [2, 0.63661977..., 0.63661977..., 2]
 */
export async function infiniteWidthKernel(
  architecture: Architecture,
  inputs: Matrix,
  options: KernelOptions = {},
): Promise<KernelRecord> {
  const { signal, progress } = options;
  const steps = kernelSteps(architecture, inputs, options);
  const breathe = breather();
  for (;;) {
    signal?.throwIfAborted();
    const { done, value } = steps.next();
    if (done) return value;
    if (value.done > 0) progress?.(value.done, value.all);
    const rest = breathe();
    if (rest) await rest;
  }
}

/**
 * The same at once, for few points.
 *
 * @example
 * infiniteWidthKernelSync(mlp("2-64-1"), matrixFromRows([[1, 1]])).nngp.data // [2]
 */
export function infiniteWidthKernelSync(
  architecture: Architecture,
  inputs: Matrix,
  options: Omit<KernelOptions, "signal" | "progress"> = {},
): KernelRecord {
  const steps = kernelSteps(architecture, inputs, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** What a generator returns; its rests are of nothing done yet. */
function* resting<Result>(steps: Resting<Result>): Generator<{ readonly done: 0; readonly all: 1 }, Result> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    yield { done: 0, all: 1 };
  }
}

/** Computes block after block. */
function* kernelSteps(
  architecture: Architecture,
  inputs: Matrix,
  { others = inputs, ntk = true, layers: wanted = false, dropout = 0, memory = 2 ** 26 }: KernelOptions,
): Generator<{ readonly done: number; readonly all: number }, KernelRecord> {
  if (!(memory > 0)) throw new DomainError(`the memory for a block is a number of bytes above 0, got ${memory}`);
  if (!(dropout >= 0 && dropout < 1)) throw new DomainError(`dropout is a probability from 0 on and below 1, got ${dropout}`);
  const layers = inferShapes(architecture);
  checkKernelLayers(layers);
  for (const set of [inputs, others]) checkPoints(architecture, set);
  const activationOf = activationKernels(dropout);
  const across = layers.some(pools);
  const symmetric = others === inputs;
  const pairs = symmetric ? (inputs.rows * (inputs.rows + 1)) / 2 : inputs.rows * others.rows;
  checkWork(layers, { points: inputs.rows, pairs, across }, activationOf);
  const first = yield* resting(pointStatistics(architecture, layers, inputs, activationOf));
  const second = symmetric ? first : yield* resting(pointStatistics(architecture, layers, others, activationOf));
  const place = (): KernelMatrices => ({
    nngp: matrix(inputs.rows, others.rows),
    ...(ntk && { ntk: matrix(inputs.rows, others.rows) }),
  });
  const output = place();
  const hidden = wanted ? layers.flatMap((shaped) => (shaped.hidden === undefined ? [] : [place()])) : [];
  const size = { across, ntk, memory, symmetric, shape: architecture.input };
  const plan = kernelBlocks(layers, inputs.rows, others.rows, size);
  const all = plan.reduce((sum, block) => sum + area(block), 0);
  let error = 0;
  let done = 0;
  for (const { rows, cols } of plan) {
    const steps = pairSteps({ first, second, rows, cols }, activationOf, (e) => {
      error = Math.max(error, e);
    });
    const store = (field: Field, to: KernelMatrices): void => {
      const mean = mixed(field);
      write(to.nngp, overPositions(field, mean.nngp), rows, cols, symmetric);
      if (to.ntk && mean.ntk) write(to.ntk, overPositions(field, mean.ntk), rows, cols, symmetric);
    };
    const observe = (field: Field, layer: number) => store(field, hidden[layer - 1]);
    const field = yield* resting(inputField(architecture.input, inputs, others, { rows, cols, across, ntk }));
    const state = yield* resting(walkKernel(layers, { field }, { ...steps, ...(wanted && { observe }) }));
    store(state.field, output);
    done += area({ rows, cols });
    yield { done, all };
  }
  return { ...output, ...(wanted && { layers: hidden.map((kernels, l) => ({ layer: l + 1, ...kernels })) }), error };
}

function checkPoints({ input }: Architecture, points: Matrix): void {
  if (points.cols !== sizeOf(input))
    throw new ShapeError(
      `a point needs ${sizeOf(input)} values for the input [${input.join(", ")}], got ${points.cols}: give rows of ${sizeOf(input)}`,
    );
  if (points.rows === 0) throw new ShapeError("a kernel needs at least one point, got none: give one row or more");
  const at = points.data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0)
    throw new DomainError(`point ${Math.floor(at / points.cols) + 1} holds ${points.data[at]}: a kernel needs finite values`);
}

/** The kernel of every layer's activation, each made once. */
function activationKernels(dropout: number): ActivationOf {
  const made = new Map<string, ActivationKernel>();
  return ({ layer, path }) => {
    if (layer.kind !== "activation") throw new ConfigError(`${path} is no activation`);
    const kernel = made.get(layer.activation) ?? activationKernel(activation(layer.activation), dropout);
    made.set(layer.activation, kernel);
    return kernel;
  };
}

function write(to: Matrix<Float64Array>, values: Float64Array, rows: Range, cols: Range, symmetric: boolean): void {
  const width = cols.last - cols.first;
  for (let i = rows.first; i < rows.last; i++) {
    const first = symmetric ? Math.max(i, cols.first) : cols.first;
    const from = (i - rows.first) * width - cols.first;
    to.data.set(values.subarray(from + first, from + cols.last), i * to.cols + first);
  }
  if (!symmetric) return;
  // Column by column, so that the mirrored half is written along memory.
  for (let j = cols.first; j < cols.last; j++)
    for (let i = rows.first, end = Math.min(rows.last, j); i < end; i++)
      to.data[j * to.cols + i] = values[(i - rows.first) * width + j - cols.first];
}
