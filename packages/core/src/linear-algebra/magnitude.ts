import { log2 } from "../math.js";

/**
 * The exponent of a power of two near the largest magnitude of some values: floor(log2(max |x|)), to within the rounding of the logarithm; -Infinity where all are 0, NaN where one is not finite.
 *
 * @example
 * magnitude([0, -5, 3]) // 2
 */
export function magnitude(values: ArrayLike<number>): number {
  let largest = 0;
  for (let k = 0; k < values.length; k++) {
    const size = Math.abs(values[k]);
    if (!(size < Number.POSITIVE_INFINITY)) return Number.NaN;
    largest = Math.max(largest, size);
  }
  return Math.floor(log2(largest));
}
