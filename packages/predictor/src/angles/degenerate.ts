import { exp2, pow } from "@sonde/core/math";

/**
 * The probability that a ReLU layer of `width` units makes a pair of inputs at the angle theta degenerate: one image is zero, or exactly one unit is active on
 * both and none on one alone, so that the two are collinear. Exact, for Gaussian weights and no bias:
 *
 *     2^(1-n) + (n-1) q^n,   q = (pi - theta) / (2 pi).
 *
 * In [0, 1]; 1 for width 1.
 *
 * @example
 * degenerateProbability(Math.PI / 2, 8) // 0.00791931152...
 */
export function degenerateProbability(theta: number, width: number): number {
  return exp2(1 - width) + (width - 1) * pow((Math.PI - theta) / (2 * Math.PI), width);
}
