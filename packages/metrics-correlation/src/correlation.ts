/**
 * Pearson's correlation of two vectors over their entries (both centred): the cosine of the angle between the centred vectors, in [-1, 1].
 *
 * `[n], [n] -> number`, error about n 1e-16 for entries of comparable size; `undefined`, never NaN, if all entries of a vector are equal.
 *
 * @example
 * correlation([1, 2, 3, 4], [1, 3, 2, 4]) // 0.8...
 */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  const n = x.length;
  const [x0, y0] = [x[0], y[0]];
  let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0];
  // Relative to the first entries, so that constant vectors give exact zeros.
  for (let i = 0; i < n; i++) {
    const a = x[i] - x0;
    const b = y[i] - y0;
    sx += a;
    sy += b;
    sxx += a * a;
    syy += b * b;
    sxy += a * b;
  }
  const product = (sxx - (sx * sx) / n) * (syy - (sy * sy) / n);
  if (!(product > 0)) return undefined;
  return Math.max(-1, Math.min(1, (sxy - (sx * sy) / n) / Math.sqrt(product)));
}
