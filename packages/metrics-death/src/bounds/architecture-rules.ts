import { expm1, log1p } from "@sonde/core/math";
import { checkWidths } from "./widths.js";

/**
 * The probability that a ReLU layer behind batch norm, in training mode with distinct pre-activations, is zero on its whole batch: 0 from two points on, since each unit is above its own mean
 * somewhere; 1 for a batch of one, which is its own mean.
 *
 * It promises no living point, and nothing in evaluation mode.
 *
 * @throws ShapeError if the number of points is not a whole number >= 1
 *
 * @example
 * batchNormDeath(2) // 0
 */
export function batchNormDeath(points: number): 0 | 1 {
  checkWidths([points]);
  return points > 1 ? 0 : 1;
}

/**
 * An upper bound on the probability that a residual network of zero-bias ReLU blocks is zero at a given point that is alive at its input: 0 for y = x + F(x), which passes x on almost surely; with a ReLU
 * after the sum, y = relu(x + F(x)), and N_k units in block k
 *
 *     1 - prod_k (1 - 2^-N_k),
 *
 * since a coordinate dies only where F, which is as likely above 0 as below, outweighs x.
 *
 * @throws ShapeError for a width that is not a whole number >= 1
 *
 * @example
 * residualBound([4, 4], { outerRelu: true }) // 0.1210937...
 */
export function residualBound(widths: readonly number[], { outerRelu = false }: { readonly outerRelu?: boolean } = {}): number {
  checkWidths(widths);
  if (!outerRelu) return 0;
  return -expm1(widths.reduce((logAlive, width) => logAlive + log1p(-(2 ** -width)), 0)) || 0;
}

/**
 * The probability that all layers of a densely connected ReLU network (each sees the inputs and all layers before it) are zero at a given point: 2^-(N_1 + ... + N_H). One dead layer blocks nothing there.
 *
 * @throws ShapeError for a width that is not a whole number >= 1
 *
 * @example
 * denseConnectionsDeath([2, 3]) // 0.03125
 */
export function denseConnectionsDeath(widths: readonly number[]): number {
  checkWidths(widths);
  return 2 ** -widths.reduce((sum, width) => sum + width, 0);
}

/**
 * With a skip connection around every block of m ReLU layers of N units: the least probability that gradient reaches all parameters of a block at a given point, (1 - 2^-N)^m. The network's output stays non-constant
 * whatever happens inside the blocks.
 *
 * @throws ShapeError for sizes that are not whole numbers >= 1
 *
 * @example
 * blockGradientBound(2, 3) // 0.421875
 */
export function blockGradientBound(width: number, layers: number): number {
  checkWidths([width, layers]);
  return 1 + expm1(layers * log1p(-(2 ** -width)));
}
