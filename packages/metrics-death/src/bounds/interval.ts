import { checkWidths } from "./widths.js";

/**
 * Bounds on the probability that a ReLU network with one input, zero bias and hidden widths N_1 .. N_H is born dead on [-r, r]. For equal widths N (arguments N, H)
 *
 *     1 - a1^(H-1) - C (a1^(H-1) - a2^(H-1)) <= P(born dead) <= 1 - a1^(H-1)
 *     a1 = 1 - 2^-N,  a2 = 1 - 2^(1-N) - (N-1) 2^(-2N),  C = (1 - 2^(1-N)) (1 - 2^-N) / (1 + (N-1) 2^-N).
 *
 * The exponents are H - 1: layer 1 never dies, since one of the inputs -x and x activates each unit. (With H in the exponent, as sometimes printed for networks counted
 * by weight matrices, the lower statement is false.) For H = 2 the lower bound is the exact value.
 *
 * For any widths (argument `[N_1, ..., N_H]`): a network is fixed by its two rays. Let D1 and D2 be the probabilities to die in layers l .. H with one living ray, and with two that are not collinear. A layer of N units
 * keeps one ray alive with probability 1 - 2^-N. If q is the probability that a unit is inactive at both of two rays, it kills both with probability q^N, and leaves one (one died, or a single
 * active unit made them collinear) with probability 2^(1-N) + (N-2) q^N. From layer 2 on both rays are non-negative, so that q >= 1/4: the pre-activations at both increase with every weight (Harris'
 * inequality). As D1 >= D2, the chance to die grows with q, and the chain with q = 1/4 throughout,
 *
 *     D1 <- p + (1 - p) D1,   D2 <- p^2 + (2 p + (N-2) p^2) D1 + (1 - 2 p - (N-1) p^2) D2,   p = 2^-N,  from layer H down to 2,
 *
 * is a lower bound: 2^(1-N_1) D1 + (1 - 2^(1-N_1)) D2. The upper bound follows one ray that is alive after layer 1: D1. Nothing cancels, so both keep their digits however small they are.
 *
 * Both hold for independent, symmetric, continuous weights.
 *
 * @throws ShapeError for a width or a number of layers that is not a whole number >= 1
 * @see Lu, Shin, Su, Karniadakis, arXiv 1903.06733; Rister and Rubin, arXiv 2007.06192; for unequal widths the argument above
 *
 * @example
 * intervalBounds(2, 10) // { lower: 0.902566..., upper: 0.924915... }
 * @example
 * intervalBounds([2, 3, 4]) // { lower: 0.1073..., upper: 0.1796... }
 */
export function intervalBounds(width: number, hiddenLayers: number): { lower: number; upper: number };
export function intervalBounds(widths: readonly number[]): { lower: number; upper: number };
export function intervalBounds(widths: number | readonly number[], hiddenLayers?: number): { lower: number; upper: number } {
  if (typeof widths === "number") {
    checkWidths([widths, hiddenLayers as number]);
    return intervalBounds(new Array<number>(hiddenLayers as number).fill(widths));
  }
  checkWidths(widths);
  let oneRay = 0;
  let twoRays = 0;
  for (let l = widths.length - 1; l >= 1; l--) {
    const width = widths[l];
    const p = 2 ** -width;
    twoRays = p * p + p * (2 + (width - 2) * p) * oneRay + (1 - 2 * p - (width - 1) * p * p) * twoRays;
    oneRay = p + (1 - p) * oneRay;
  }
  const left = widths.length > 0 ? 2 ** (1 - widths[0]) : 0;
  return { lower: left * oneRay + (1 - left) * twoRays, upper: oneRay };
}
