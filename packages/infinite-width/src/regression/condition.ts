import { type Matrix, magnitude, symmetricEigenvalues } from "@sonde/core";
import { exp2 } from "@sonde/core/math";

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
 * The largest and smallest eigenvalue of a kernel between points and their ratio, which says how well gradient descent can fit them; `undefined` for a kernel that is not finite, and beyond 1024 points, where it takes
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
  const exponent = magnitude(kernel.data);
  if (Number.isNaN(exponent)) return undefined;
  // Squares of entries stay within float64.
  const scale = exponent === Number.NEGATIVE_INFINITY ? 1 : exp2(Math.max(-1022, exponent));
  const values = symmetricEigenvalues({ ...kernel, data: kernel.data.map((value) => value / scale) });
  const [largest, smallest] = [values[0] * scale, values[n - 1] * scale];
  return {
    largest,
    smallest,
    condition: smallest > n * Number.EPSILON * largest ? largest / smallest : Number.POSITIVE_INFINITY,
  };
}
