import { DomainError } from "../errors.js";

/**
 * The quantiles of the values at the probabilities `ps`: for h = (n - 1) p the order statistics around h, interpolated linearly (type 7 of Hyndman and
 * Fan 1996, the default of R and NumPy). `[n], [k] -> [k]`; the values are not changed.
 *
 * Throws `DomainError` for no values, for NaN among them, and for a probability outside [0, 1].
 *
 * @example
 * quantiles([1, 2, 3, 4], [0, 0.5, 1]) // [1, 2.5, 4]
 */
export function quantiles(values: ArrayLike<number>, ps: readonly number[]): number[] {
  const sorted = ascending(values);
  return ps.map((p) => {
    if (!(p >= 0 && p <= 1)) throw new DomainError(`a quantile is asked for at a probability from 0 to 1, got ${p}`);
    const h = (sorted.length - 1) * p;
    const low = sorted[Math.floor(h)];
    const high = sorted[Math.ceil(h)];
    return low === high ? low : low + (h - Math.floor(h)) * (high - low);
  });
}

/** The quantile at 1/2. Throws `DomainError` for no values or NaN among them. */
export function median(values: ArrayLike<number>): number {
  return quantiles(values, [0.5])[0];
}

/** A sorted copy in float64. Throws `DomainError` for no values or NaN among them. */
export function ascending(values: ArrayLike<number>): Float64Array {
  if (values.length === 0) throw new DomainError("there are no values to order: give at least one");
  const sorted = Float64Array.from(values).sort();
  // NaN sorts last.
  if (Number.isNaN(sorted[sorted.length - 1]))
    throw new DomainError("NaN has no place in an order: remove NaN from the values first");
  return sorted;
}
