import { activation, ConfigError, DomainError, type Matrix, matrix, ShapeError } from "@sonde/core";
import { type Architecture, inferShapes, type ShapedLayer, size } from "@sonde/nets";
import { type ActivationKernel, activationKernel } from "./activation-kernel.js";
import { checkKernelLayers } from "./channels.js";
import { type Field, mixed, overPositions } from "./field.js";
import { inputField, type Range } from "./input-field.js";
import { pairSteps } from "./pair-steps.js";
import { type ActivationOf, pointStatistics } from "./statistics.js";
import { pools, walkKernel } from "./walk.js";

export interface KernelOptions {
  /** Pairs of the points with those of this set instead of with each other, `[other points, size of input]`. */
  readonly others?: Matrix;
  /** Whether the tangent kernel is wanted. Default true. */
  readonly ntk?: boolean;
  /** Whether the kernels of every hidden layer are wanted too. Default false. */
  readonly layers?: boolean;
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
 * RMS norm divide by the roots of both variances (+ epsilon); a residual block adds kernels, a concat block averages them by the share of channels. Only ratios of widths count.
 *
 * `[points, size of input] -> [points, points]`; symmetric to the last bit without `others`. Computed in blocks; with a signal that aborts its reason is thrown. Angles between nearly
 * equal inputs are good to about 1e-8 (the kernel's own rounding); `angleRecursion` keeps smaller ones.
 *
 * @throws ConfigError for a layer that has no infinite-width form, with its path and the reason; ShapeError for points that do not fit
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
  const { others = inputs, ntk = true, memory = 2 ** 26, signal, progress } = options;
  if (!(memory > 0)) throw new DomainError(`the memory for a block is a number of bytes above 0, got ${memory}`);
  const layers = inferShapes(architecture);
  checkKernelLayers(layers);
  for (const set of [inputs, others]) checkPoints(architecture, set);
  const activationOf = activationKernels();
  const first = pointStatistics(architecture, layers, inputs, activationOf);
  const second = others === inputs ? first : pointStatistics(architecture, layers, others, activationOf);
  const across = layers.some(pools);
  const place = (): KernelMatrices => ({
    nngp: matrix(inputs.rows, others.rows),
    ...(ntk && { ntk: matrix(inputs.rows, others.rows) }),
  });
  const output = place();
  const hidden = options.layers ? layers.flatMap((shaped) => (shaped.hidden === undefined ? [] : [place()])) : [];
  let error = 0;
  let done = 0;
  let rested = performance.now();
  const symmetric = others === inputs;
  for (const { rows, cols } of blocks(layers, inputs.rows, others.rows, {
    across,
    ntk,
    memory,
    symmetric,
    shape: architecture.input,
  })) {
    signal?.throwIfAborted();
    const steps = pairSteps({ first, second, rows, cols }, activationOf, (e) => {
      error = Math.max(error, e);
    });
    const store = (field: Field, to: KernelMatrices): void => {
      const all = mixed(field);
      write(to.nngp, overPositions(field, all.nngp), rows, cols, symmetric);
      if (to.ntk && all.ntk) write(to.ntk, overPositions(field, all.ntk), rows, cols, symmetric);
    };
    const observe = (field: Field, layer: number) => store(field, hidden[layer - 1]);
    const field = inputField(architecture.input, inputs, others, { rows, cols, across, ntk });
    store(walkKernel(layers, { field }, { ...steps, ...(options.layers && { observe }) }).field, output);
    done += (rows.last - rows.first) * (cols.last - cols.first);
    progress?.(Math.min(done, inputs.rows * others.rows), inputs.rows * others.rows);
    if (performance.now() - rested < longestStretch) continue;
    await new Promise<void>((resolve) => setTimeout(resolve));
    rested = performance.now();
  }
  return { ...output, ...(options.layers && { layers: hidden.map((kernels, l) => ({ layer: l + 1, ...kernels })) }), error };
}

/** Milliseconds after which timers, signals and a page's events are let in between blocks. */
const longestStretch = 50;

function checkPoints({ input }: Architecture, points: Matrix): void {
  if (points.cols !== size(input))
    throw new ShapeError(
      `a point needs ${size(input)} values for the input [${input.join(", ")}], got ${points.cols}: give rows of ${size(input)}`,
    );
  if (points.rows === 0) throw new ShapeError("a kernel needs at least one point, got none: give one row or more");
  const at = points.data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0)
    throw new DomainError(`point ${Math.floor(at / points.cols) + 1} holds ${points.data[at]}: a kernel needs finite values`);
}

/** The kernel of every layer's activation, each made once. */
function activationKernels(): ActivationOf {
  const made = new Map<string, ActivationKernel>();
  return ({ layer, path }) => {
    if (layer.kind !== "activation") throw new ConfigError(`${path} is no activation`);
    const kernel = made.get(layer.activation) ?? activationKernel(activation(layer.activation));
    made.set(layer.activation, kernel);
    return kernel;
  };
}

interface BlockPlan {
  readonly across: boolean;
  readonly ntk: boolean;
  readonly memory: number;
  readonly symmetric: boolean;
  readonly shape: readonly number[];
}

/** Blocks that cover the kernel, or its half on and above the diagonal, each of a bounded size. */
function* blocks(
  layers: readonly ShapedLayer[],
  rows: number,
  cols: number,
  { across, ntk, memory, symmetric, shape }: BlockPlan,
): Generator<{ readonly rows: Range; readonly cols: Range }> {
  // Kernels, and copies of them that linear layers and blocks of layers make.
  const perPair =
    Math.max(...mostPositions(layers, shape).map((n) => (across ? n * n : n))) * 8 * (ntk ? 2 : 1) * (3 + depthOf(layers));
  const pairs = Math.max(1, Math.floor(memory / perPair));
  const width = Math.min(cols, pairs);
  const height = Math.max(1, Math.min(rows, Math.floor(pairs / width), symmetric ? 64 : rows));
  for (let i = 0; i < rows; i += height)
    for (let j = symmetric ? i : 0; j < cols; j += width)
      yield { rows: { first: i, last: Math.min(rows, i + height) }, cols: { first: j, last: Math.min(cols, j + width) } };
}

function mostPositions(layers: readonly ShapedLayer[], shape: readonly number[]): number[] {
  return [size(shape.slice(0, -1)), ...layers.flatMap(({ output, body }) => mostPositions(body, output))];
}

function depthOf(layers: readonly ShapedLayer[]): number {
  return Math.max(0, ...layers.map(({ body }) => (body.length > 0 ? 1 + depthOf(body) : 0)));
}

function write(to: Matrix<Float64Array>, values: Float64Array, rows: Range, cols: Range, symmetric: boolean): void {
  const width = cols.last - cols.first;
  for (let i = rows.first; i < rows.last; i++)
    for (let j = symmetric ? Math.max(i, cols.first) : cols.first; j < cols.last; j++) {
      const value = values[(i - rows.first) * width + j - cols.first];
      to.data[i * to.cols + j] = value;
      if (symmetric) to.data[j * to.cols + i] = value;
    }
}
