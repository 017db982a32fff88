import {
  addRunning,
  type Estimate,
  type Matrix,
  running,
  runningEstimate,
  ShapeError,
  sign,
  split,
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
}

/** How well random networks can be trained as they stand, while their derivatives hardly change. */
export interface TangentKernelRecord {
  /** Mean of ln(largest / smallest eigenvalue); of a singular kernel the largest value that rounding lets be told, -ln(points 2^-52). */
  readonly logCondition: Estimate;
  /** Mean of ln(largest eigenvalue / points). */
  readonly logLargest: Estimate;
  /** Mean of ln of the number of directions that the outputs can be moved in: (sum of eigenvalues)^2 / sum of their squares. */
  readonly logRank: Estimate;
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
 * const { logCondition } = measureTangentKernel(mlp("1-1"), matrixFromRows([[1], [2]]), { networks: 2 });
 * logCondition.value // ln of the ratio of the eigenvalues of [[2, 3], [3, 5]]: 3.8497...
 */
export function measureTangentKernel(
  architecture: Architecture,
  points: Matrix,
  { networks = 8, seed = 0, signal }: MeasureTangentKernelOptions = {},
): TangentKernelRecord {
  if (points.rows < 2) throw new ShapeError(`a tangent kernel needs two points or more, got ${points.rows}`);
  const outputs = outputSize(architecture);
  const spectra: Spectrum[] = [];
  for (let k = 0; k < networks; k++) {
    if (signal?.aborted) throw signal.reason;
    const network = randomNetwork(architecture, networkStream(seed, k), { inputs: points });
    const signs = split(split(sharedStream(seed), 4), k);
    const combination = Float64Array.from({ length: outputs }, (_, j) => sign(signs, j) / Math.sqrt(outputs));
    const { kernel, exponent } = tangentKernel(network, points, combination);
    spectra.push(spectrumOf(kernel, exponent));
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
    singular: spectra.filter(({ singular }) => singular).length,
    largestLearningRate: outputs * exp(-logLargest.value),
    points: points.rows,
    networks,
  };
}

interface Spectrum {
  readonly logCondition: number;
  readonly logLargest: number;
  readonly logRank: number;
  readonly singular: boolean;
}

function spectrumOf(kernel: Matrix, exponent: number): Spectrum {
  const values = symmetricEigenvalues(kernel);
  const [largest, smallest] = [values[0], values[values.length - 1]];
  const rounding = values.length * Number.EPSILON;
  // Without any bias a kernel can be 0 everywhere.
  if (!(largest > 0)) return { logCondition: -log(rounding), logLargest: Number.NEGATIVE_INFINITY, logRank: 0, singular: true };
  const singular = !(smallest > rounding * largest);
  let [sum, squares] = [0, 0];
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
