/**
 * The largest eigenvalue of a symmetric positive semidefinite tridiagonal matrix, known to be at least `low` (default 0), and the last entry of its unit eigenvector: what Lanczos' method asks at
 * every step. `below[i]` stands between `diagonal[i]` and `diagonal[i + 1]` and is not 0.
 *
 * @example
 * topOfTridiagonal([2, 2], [1]).value.toFixed(12) // "3.000000000000"
 */
export function topOfTridiagonal(
  diagonal: readonly number[],
  below: readonly number[],
  low = 0,
): { value: number; last: number } {
  const k = diagonal.length;
  let high = 0;
  for (let i = 0; i < k; i++) high = Math.max(high, diagonal[i] + (below[i - 1] ?? 0) + (i < k - 1 ? below[i] : 0));
  let value = Math.max(low, diagonal[k - 1]);
  for (let step = 0; step < 60 && high - value > 2e-16 * high; step++) {
    const middle = (value + high) / 2;
    if (hasLarger(diagonal, below, middle)) value = middle;
    else high = middle;
  }
  // The eigenvector by its recurrence from the first entry on, which is stable for the largest eigenvalue.
  let before = 0;
  let here = 1;
  let sum = 1;
  for (let i = 0; i + 1 < k; i++) {
    const next = ((value - diagonal[i]) * here - (i > 0 ? below[i - 1] * before : 0)) / below[i];
    [before, here] = [here, next];
    sum += next * next;
    if (sum > 1e200) {
      const scale = 1e-100;
      [before, here, sum] = [before * scale, here * scale, sum * scale * scale];
    }
  }
  return { value, last: here / Math.sqrt(sum) };
}

/** Whether some eigenvalue is above x: a pivot of T - x is positive. */
function hasLarger(diagonal: readonly number[], below: readonly number[], x: number): boolean {
  let pivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    const off = i > 0 ? below[i - 1] : 0;
    pivot = diagonal[i] - x - (off * off) / pivot;
    if (pivot > 0) return true;
    if (pivot === 0) pivot = -Number.MIN_VALUE;
  }
  return false;
}
