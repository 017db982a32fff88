import { angleBetween } from "@sonde/core";

/**
 * Pearson's correlation of two vectors over their entries (both centred): the cosine of the angle between the centred vectors, in [-1, 1].
 *
 * `[n], [n] -> number`; `undefined`, never NaN, if all entries of a vector are equal.
 *
 * @example
 * correlation([1, 2, 3, 4], [1, 3, 2, 4]) // 0.8...
 */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  return angleBetween(centred(x), centred(y))?.cosine;
}

/** The entries less their mean; exactly zero where all are equal. */
function centred(x: ArrayLike<number>): Float64Array {
  const result = new Float64Array(x);
  let sum = 0;
  let constant = true;
  for (let i = 0; i < result.length; i++) {
    sum += result[i];
    constant &&= result[i] === result[0];
  }
  if (constant) return result.fill(0);
  const mean = sum / result.length;
  for (let i = 0; i < result.length; i++) result[i] -= mean;
  return result;
}
