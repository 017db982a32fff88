import { angleBetween, ShapeError } from "@sonde/core";
/**
 * Pearson's correlation of two vectors over their entries (both centred): the cosine of the angle between the centred vectors, in [-1, 1].
 *
 * `[n], [n] -> number`, error about n 1e-16 for entries of comparable size; `undefined`, never NaN, if all entries of a vector are equal.
 *
 * @throws ShapeError if the lengths differ
 *
 * @example
 * correlation([1, 2, 3, 4], [1, 3, 2, 4]) // 0.8...
 */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  const n = x.length;
  if (n !== y.length) throw new ShapeError(`two vectors of equal length have a correlation, got lengths ${n} and ${y.length}`);
  const [x0, y0] = [x[0], y[0]];
  let sx = 0;
  let sy = 0;
  let sxx = 0;
  let syy = 0;
  let sxy = 0;
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
  if (!(product > 1e-200 && product < 1e200)) return comfortable(x, y);
  return Math.max(-1, Math.min(1, (sxy - (sx * sy) / n) / Math.sqrt(product)));
}

/** The same where products may leave the range of float64: the centred vectors over their largest entries. */
function comfortable(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  const centred = [x, y].map((vector) => {
    const offsets = Float64Array.from(vector, (value) => value - vector[0]);
    const mean = offsets.reduce((sum, value) => sum + value / offsets.length, 0);
    return offsets.map((value) => value - mean);
  });
  return angleBetween(centred[0], centred[1])?.cosine;
}
