import { expm1, log1p } from "@sonde/core/math";
import { checkWidths } from "./widths.js";

/**
 * A lower bound on the probability that a ReLU network is born dead, whatever its inputs: a layer whose inputs are non-negative is dead if all its
 * weights (and biases) are negative,
 *
 *     1 - prod_{l >= 2} (1 - 2^-(N_l N_{l-1})),   with symmetric biases N_l (N_{l-1} + 1) in the exponent.
 *
 * Layer 1 counts as well if the inputs themselves are non-negative. Independent, symmetric, continuous weights; biases zero or the same.
 *
 * @param widths hidden widths N_1 .. N_H, each at least 1
 * @returns a probability in [0, 1]
 * @throws ShapeError for a width that is not a whole number >= 1
 * @see Rister and Rubin, arXiv 2007.06192
 *
 * @example
 * orthantBound([2, 2]) // 0.0625
 */
export function orthantBound(
  widths: readonly number[],
  options: {
    /** Whether biases are drawn (symmetric and continuous) rather than zero. Default false. */
    readonly bias?: boolean;
    /** The number of inputs, if they are known to be non-negative. */
    readonly nonNegativeInputs?: number;
  } = {},
): number {
  checkWidths(widths);
  const bias = options.bias ? 1 : 0;
  const fanIns = [options.nonNegativeInputs ?? Number.POSITIVE_INFINITY, ...widths];
  return -expm1(widths.reduce((logAlive, width, l) => logAlive + log1p(-(2 ** -(width * (fanIns[l] + bias)))), 0)) || 0;
}
