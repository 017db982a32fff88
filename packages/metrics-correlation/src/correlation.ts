/**
 * Pearson's correlation of two vectors over their entries (both centred): the cosine of the angle between the centred vectors, in [-1, 1].
 *
 * `[n], [n] -> number`; `undefined`, never NaN, if all entries of a vector are equal.
 *
 * @example
 * correlation([1, 2, 3], [2, 4, 6]) // 1
 */
import { angleBetween } from "./angle.js";

export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  return angleBetween(centred(x), centred(y))?.cosine;
}

function centred(x: ArrayLike<number>): Float64Array {
  const result = Float64Array.from(x);
  let sum = 0;
  for (const value of result) sum += value;
  const mean = sum / result.length;
  if (result.every((value) => value === result[0])) return result.fill(0);
  for (let i = 0; i < result.length; i++) result[i] -= mean;
  return result;
}
