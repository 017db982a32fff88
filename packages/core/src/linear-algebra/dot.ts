/**
 * The inner product of two vectors of one length, summed from the first element on.
 *
 * @example
 * dot(Float64Array.of(1, 2), Float64Array.of(3, 4)) // 11
 */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
