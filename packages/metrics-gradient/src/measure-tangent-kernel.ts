import {
  addRunning,
  breather,
  dot,
  type Estimate,
  type Matrix,
  matrix,
  running,
  runningEstimate,
  ShapeError,
  sign,
  split,
  symmetricEigen,
  symmetricEigenvalues,
} from "@sonde/core";
import { exp, log } from "@sonde/core/math";
import { type Architecture, networkStream, outputSize, randomNetwork, sharedStream } from "@sonde/nets";
import { tangentKernel } from "./tangent-kernel.js";

export interface MeasureTangentKernelOptions {
  /** Default 8. */
  readonly networks?: number;
  /** A whole number from 0. Default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** What the networks are to learn at the points, `[points, outputs]`. */
  readonly targets?: Matrix;
}

/** Eigenvalues of the centred kernel that `decay` compares with the largest, counted from 1. */
export const tangentDecays: readonly number[] = [2, 4, 16];

/** The steps of `learnable`. */
export const tangentTimes: readonly number[] = [100, 1000, 10_000];

/** How well random networks can be trained as they stand, while their derivatives hardly change. */
export interface TangentKernelRecord {
  /** Mean of ln(largest / smallest eigenvalue); of a singular kernel the largest value that rounding lets be told, -ln(points 2^-52). */
  readonly logCondition: Estimate;
  /** Mean of ln(largest eigenvalue / points). */
  readonly logLargest: Estimate;
  /** Mean of ln of the number of directions that the outputs can be moved in: (sum of eigenvalues)^2 / sum of their squares. */
  readonly logRank: Estimate;
  /** Mean of ln of the share of the kernel's trace that the largest eigenvalue of the centred kernel has: what is not a constant that is added to all outputs alike. */
  readonly logCentred: Estimate;
  /** Mean of ln of the largest over the 2nd, 4th and 16th eigenvalue of the centred kernel, to at most 36. */
  readonly decay: readonly Estimate[];
  /** The share of the targets' variance that gradient descent has learned after 100, 1000 and 10000 steps of 1 / the centred kernel's largest eigenvalue, the kernel staying as it is; absent without targets. */
  readonly learnable?: readonly Estimate[];
  /** Networks whose kernel is singular to rounding. */
  readonly singular: number;
  /**
   * The largest learning rate with which gradient descent on the squared error, averaged over points and outputs, does not diverge at the start: outputs points / largest eigenvalue, the geometric mean over the networks.
   * A momentum b allows 1 + b times as much.
   */
  readonly largestLearningRate: number;
  readonly points: number;
  readonly networks: number;
}

/**
 * The spectrum of the tangent kernel of random networks, each for a combination of its outputs with random signs over sqrt(outputs).
 *
 * `[points, inputs] ->` one record. Gradient descent learns along an eigenvector at a speed proportional to its eigenvalue, so a large condition means that something is not learned in any reasonable time.
 *
 * @throws ShapeError for fewer than two points
 *
 * @see Jacot, Gabriel, Hongler 2018 (arXiv 1806.07572); Xiao, Pennington, Schoenholz 2020 (arXiv 1912.13053)
 *
 * @example
 * const { logCondition } = await measureTangentKernel(mlp("1-1"), matrixFromRows([[1], [2]]), { networks: 2 });
 * // ln of the ratio of the eigenvalues of [[2, 3], [3, 5]]
 * logCondition.value // 3.8496...
 */
export async function measureTangentKernel(
  architecture: Architecture,
  points: Matrix,
  { networks = 8, seed = 0, signal, targets }: MeasureTangentKernelOptions = {},
): Promise<TangentKernelRecord> {
  if (points.rows < 2) throw new ShapeError(`a tangent kernel needs two points or more, got ${points.rows}`);
  const outputs = outputSize(architecture);
  if (targets && (targets.rows !== points.rows || targets.cols !== outputs))
    throw new ShapeError(
      `targets of ${points.rows} points and ${outputs} outputs are ${points.rows} x ${outputs}, got ${targets.rows} x ${targets.cols}`,
    );
  const spectra: Spectrum[] = [];
  const breathe = breather();
  for (let k = 0; k < networks; k++) {
    await breathe();
    signal?.throwIfAborted();
    const network = randomNetwork(architecture, networkStream(seed, k), { inputs: points });
    const signs = split(split(sharedStream(seed), 4), k);
    const combination = Float64Array.from({ length: outputs }, (_, j) => sign(signs, j) / Math.sqrt(outputs));
    const { kernel, exponent } = tangentKernel(network, points, combination);
    spectra.push({ ...spectrumOf(kernel, exponent), ...centredSpectrum(kernel, targets && combined(targets, combination)) });
  }
  const estimate = (value: (spectrum: Spectrum) => number) => {
    const sums = running();
    for (const spectrum of spectra) addRunning(sums, value(spectrum));
    return runningEstimate(sums);
  };
  const logLargest = estimate(({ logLargest }) => logLargest);
  return {
    logCondition: estimate(({ logCondition }) => logCondition),
    logLargest,
    logRank: estimate(({ logRank }) => logRank),
    logCentred: estimate(({ logCentred }) => logCentred),
    decay: tangentDecays.map((_, j) => estimate(({ decay }) => decay[j])),
    ...(targets && { learnable: tangentTimes.map((_, j) => estimate(({ learnable }) => learnable[j])) }),
    singular: spectra.filter(({ singular }) => singular).length,
    largestLearningRate: outputs * exp(-logLargest.value),
    points: points.rows,
    networks,
  };
}

interface Spectrum extends WholeSpectrum {
  readonly logCentred: number;
  readonly decay: readonly number[];
  readonly learnable: readonly number[];
}

interface WholeSpectrum {
  readonly logCondition: number;
  readonly logLargest: number;
  readonly logRank: number;
  readonly singular: boolean;
}

function spectrumOf(kernel: Matrix, exponent: number): WholeSpectrum {
  const values = symmetricEigenvalues(kernel);
  const [largest, smallest] = [values[0], values[values.length - 1]];
  const rounding = values.length * Number.EPSILON;
  // Without any bias a kernel can be 0 everywhere.
  if (!(largest > 0)) return { logCondition: -log(rounding), logLargest: Number.NEGATIVE_INFINITY, logRank: 0, singular: true };
  const singular = !(smallest > rounding * largest);
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += Math.max(0, value);
    squares += value * value;
  }
  return {
    logCondition: singular ? -log(rounding) : log(largest / smallest),
    logLargest: log(largest / values.length) + exponent * Math.LN2,
    logRank: log((sum * sum) / squares),
    singular,
  };
}

/** Logarithms of ratios of eigenvalues beyond rounding. */
const mostDecay = 36;

/** The spectrum of what a kernel does to functions without their mean, and how much of such a target is learned. */
function centredSpectrum(kernel: Matrix, target: Float64Array | undefined): Pick<Spectrum, "logCentred" | "decay" | "learnable"> {
  const n = kernel.rows;
  const means = Float64Array.from({ length: n }, (_, p) => mean(kernel.data.subarray(p * n, (p + 1) * n)));
  const all = mean(means);
  const centred = matrix(n, n);
  let trace = 0;
  for (let p = 0; p < n; p++) {
    trace += kernel.data[p * n + p];
    for (let q = 0; q < n; q++) centred.data[p * n + q] = kernel.data[p * n + q] - means[p] - means[q] + all;
  }
  const { values, vectors } = target ? symmetricEigen(centred) : { values: symmetricEigenvalues(centred) };
  const [largest] = values;
  if (!(largest > 0))
    return { logCentred: -mostDecay, decay: tangentDecays.map(() => mostDecay), learnable: tangentTimes.map(() => 0) };
  return {
    logCentred: Math.max(-mostDecay, log(largest / trace)),
    decay: tangentDecays.map((k) => {
      const value = values[Math.min(k, n) - 1];
      return value > 0 ? Math.min(mostDecay, log(largest / value)) : mostDecay;
    }),
    learnable: target && vectors ? learned(target, values, vectors) : [],
  };
}

function learned(target: Float64Array, values: Float64Array, vectors: Matrix): number[] {
  const n = target.length;
  const middle = mean(target);
  const deviations = target.map((value) => value - middle);
  const power = dot(deviations, deviations);
  // A constant is learned at once.
  if (!(power > 0)) return tangentTimes.map(() => 1);
  const shares = Array.from(values, (_, k) => square(dot(vectors.data.subarray(k * n, (k + 1) * n), deviations)) / power);
  return tangentTimes.map((time) =>
    shares.reduce((sum, share, k) => sum + share * (1 - exp((-time * Math.max(0, values[k])) / values[0])), 0),
  );
}

function combined({ rows, cols, data }: Matrix, combination: Float64Array): Float64Array {
  return Float64Array.from({ length: rows }, (_, p) => dot(data.subarray(p * cols, (p + 1) * cols), combination));
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k];
  return sum / values.length;
}

function square(value: number): number {
  return value * value;
}
