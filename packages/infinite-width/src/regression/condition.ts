import type { Matrix } from "@sonde/core";
import { symmetricEigen } from "./symmetric-eigen.js";

/** The spectrum of a kernel in short. */
export interface KernelCondition {
  readonly largest: number;
  readonly smallest: number;
  /** largest / smallest: the number of steps that gradient descent takes for the slowest direction; Infinity where `smallest` is not above rounding. */
  readonly condition: number;
}

/** More points than this would take minutes. */
const mostPoints = 1024;

/**
 * The largest and smallest eigenvalue of a kernel between points and their ratio, which says how well gradient descent can fit them; `undefined` beyond 1024 points, where it takes
 * too long. `[n, n]`, cost about 9 n^3.
 *
 * @see Xiao, Pennington, Schoenholz 2020 (arXiv 1912.13053)
 *
 * @example
 * kernelCondition(matrixFromRows([[2, 1], [1, 2]])) // { largest: 3, smallest: 1, condition: 3 }
 */
export function kernelCondition(kernel: Matrix): KernelCondition | undefined {
  const n = kernel.rows;
  if (n > mostPoints) return undefined;
  const { values } = symmetricEigen(kernel);
  const [smallest, largest] = [values[0], values[n - 1]];
  return {
    largest,
    smallest,
    condition: smallest > n * Number.EPSILON * largest ? largest / smallest : Number.POSITIVE_INFINITY,
  };
}
