import { type Matrix, symmetricEigenvalues } from "@sonde/core";

/** The spectrum of a kernel in short. */
export interface KernelCondition {
  readonly largest: number;
  readonly smallest: number;
  /** largest / smallest: the number of steps that gradient descent takes for the slowest direction; Infinity where `smallest` is not above rounding. */
  readonly condition: number;
}

/** More points than this would take many seconds. */
const mostPoints = 1024;

/**
 * The largest and smallest eigenvalue of a kernel between points and their ratio, which says how well gradient descent can fit them; `undefined` beyond 1024 points, where it takes
 * too long. `[n, n]`, a second at n = 1000.
 *
 * @see Xiao, Pennington, Schoenholz 2020 (arXiv 1912.13053)
 *
 * @example
 * kernelCondition(matrixFromRows([[2, 1], [1, 2]])) // { largest: 3, smallest: 1.000..., condition: 2.99... }
 */
export function kernelCondition(kernel: Matrix): KernelCondition | undefined {
  const n = kernel.rows;
  if (n > mostPoints) return undefined;
  const values = symmetricEigenvalues(kernel);
  const [largest, smallest] = [values[0], values[n - 1]];
  return {
    largest,
    smallest,
    condition: smallest > n * Number.EPSILON * largest ? largest / smallest : Number.POSITIVE_INFINITY,
  };
}
