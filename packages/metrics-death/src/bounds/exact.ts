import { checkWidths } from "./widths.js";

/**
 * The exact probability that a ReLU network with one input, zero bias, normal weights and two hidden layers of N_1 and N_2 units is born dead on [-r, r]:
 *
 *     2^(1-N_1) 2^-N_2 + (1 - 2^(1-N_1)) 4^-N_2,   4^-N (3 - 2^(1-N)) for equal widths.
 *
 * Layer 1 leaves one ray with probability 2^(1-N_1), otherwise two that share no active unit and so are orthogonal. With one hidden layer it is 0.
 *
 * @throws ShapeError for a width that is not a whole number >= 1
 *
 * @example
 * twoLayerDeath(2, 2) // 0.15625
 */
export function twoLayerDeath(first: number, second: number): number {
  checkWidths([first, second]);
  const oneRay = 2 ** (1 - first);
  return oneRay * 2 ** -second + (1 - oneRay) * 4 ** -second;
}

/**
 * The exact probability that one zero-bias ReLU layer of N units is zero on the whole box [0, 1]^d: 2^(-N d), since every weight must be negative.
 *
 * @throws ShapeError for sizes that are not whole numbers >= 1
 * @see Rister and Rubin, arXiv 2007.06192: the orthant bound is attained
 *
 * @example
 * boxLayerDeath(3, 2) // 0.015625
 */
export function boxLayerDeath(width: number, inputs: number): number {
  checkWidths([width, inputs]);
  return 2 ** (-width * inputs);
}
