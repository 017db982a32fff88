import { expm1, log1p } from "@sonde/core/math";
import { checkWidths } from "./widths.js";

/**
 * Bounds on the probability that a ReLU network with one input, zero bias and H hidden layers of equal width N is born dead on [-r, r]:
 *
 *     1 - a1^(H-1) - C (a1^(H-1) - a2^(H-1)) <= P(born dead) <= 1 - a1^(H-1)
 *     a1 = 1 - 2^-N,  a2 = 1 - 2^(1-N) - (N-1) 2^(-2N),  C = (1 - 2^(1-N)) (1 - 2^-N) / (1 + (N-1) 2^-N).
 *
 * The exponents are H - 1: layer 1 never dies, since one of the inputs -x and x activates each unit. (With H in the exponent, as sometimes printed for networks counted
 * by weight matrices, the lower statement is false.) For H = 2 the lower bound is the exact value. A lower bound that is lost to rounding (N above about 50) is 0.
 *
 * @param width N >= 1
 * @param hiddenLayers H >= 1
 * @throws ShapeError for a width or a number of layers that is not a whole number >= 1
 * @see Lu, Shin, Su, Karniadakis, arXiv 1903.06733; Rister and Rubin, arXiv 2007.06192
 *
 * @example
 * intervalBounds(2, 10) // { lower: 0.902566..., upper: 0.924915... }
 */
export function intervalBounds(width: number, hiddenLayers: number): { lower: number; upper: number } {
  checkWidths([width, hiddenLayers]);
  if (hiddenLayers === 1) return { lower: 0, upper: 0 };
  const p = 2 ** -width;
  const c = ((1 - 2 * p) * (1 - p)) / (1 + (width - 1) * p);
  const oneRayDies = -expm1((hiddenLayers - 1) * log1p(-p));
  const twoRaysDie = -expm1((hiddenLayers - 1) * log1p(-2 * p - (width - 1) * p * p));
  const lower = oneRayDies - c * (twoRaysDie - oneRayDies);
  const rounding = 16 * Number.EPSILON * twoRaysDie;
  return { lower: lower > rounding ? lower : 0, upper: oneRayDies };
}
