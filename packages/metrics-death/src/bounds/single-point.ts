import { expm1, log1p } from "@sonde/core/math";
import { checkWidths } from "./widths.js";

/**
 * The probability that a ReLU network maps one given non-zero point to zero in some hidden layer, and so an upper bound on the probability that
 * it is born dead on any input set that contains such a point:
 *
 *     1 - prod_l (1 - 2^-N_l)
 *
 * for independent, symmetric, continuous weights; biases zero or symmetric and continuous. It is enough that negating all weights of some units leaves their law as it is, as for orthogonal ones. Exact for a single point
 * and, with zero bias, a ray.
 *
 * @param widths hidden widths N_1 .. N_H, each at least 1
 * @returns a probability in [0, 1], to rounding even where it is far below 1e-16
 * @throws ShapeError for a width that is not a whole number >= 1
 * @see Rister and Rubin, arXiv 2007.06192
 *
 * @example
 * singlePointBound([2, 2]) // 0.4375
 */
export function singlePointBound(widths: readonly number[]): number {
  checkWidths(widths);
  return -expm1(widths.reduce((logAlive, width) => logAlive + log1p(-(2 ** -width)), 0)) || 0;
}
