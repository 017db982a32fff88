import { ConfigError, DomainError } from "../errors.js";
import type { Moments } from "./moments.js";
import { nearestRatio, scaleBits, scaledInteger } from "./rational.js";

/**
 * The mean. Like all statistics here it is computed from exact sums and rounded at the end, so no digits are lost to cancellation.
 *
 * Throws `DomainError` for no values.
 */
export function mean(m: Moments): number {
  const { n, sum } = powers(m, 1);
  return nearestRatio(sum[0], n << scaleBits);
}

/** The population variance, sum (x - mean)^2 / n. Throws `DomainError` for no values. */
export function variance(m: Moments): number {
  const { n, sum } = powers(m, 2);
  return nearestRatio(second(n, sum), (n * n) << (2n * scaleBits));
}

/** The unbiased variance, sum (x - mean)^2 / (n - 1); NaN for a single value, which says nothing about spread. Throws `DomainError` for no values. */
export function sampleVariance(m: Moments): number {
  const { n, sum } = powers(m, 2);
  return nearestRatio(second(n, sum), (n * (n - 1n)) << (2n * scaleBits));
}

/** The standard error of the mean, sqrt(sampleVariance / n), of independent values; NaN for a single one. Throws `DomainError` for no values. */
export function standardError(m: Moments): number {
  const { n, sum } = powers(m, 2);
  return Math.sqrt(nearestRatio(second(n, sum), (n * n * (n - 1n)) << (2n * scaleBits)));
}

/** The population skewness, E (x - mean)^3 / variance^(3/2), 0 for symmetric data; NaN where all values are equal. Throws `DomainError` for no values. */
export function skewness(m: Moments): number {
  const { n, sum } = powers(m, 3);
  const [s1, s2, s3] = sum;
  const m2 = second(n, sum);
  const m3 = ((n * n * s3) << (2n * scaleBits)) - ((3n * n * s1 * s2) << scaleBits) + 2n * s1 * s1 * s1;
  // The powers of n and of the unit cancel in the square.
  return (m3 < 0n ? -1 : 1) * Math.sqrt(nearestRatio(m3 * m3, m2 * m2 * m2));
}

/** The population kurtosis, E (x - mean)^4 / variance^2, 3 for normal data; NaN where all values are equal. Throws `DomainError` for no values. */
export function kurtosis(m: Moments): number {
  const { n, sum } = powers(m, 4);
  const [s1, s2, s3, s4] = sum;
  const m2 = second(n, sum);
  const m4 =
    ((n * n * n * s4) << (3n * scaleBits)) -
    ((4n * n * n * s1 * s3) << (2n * scaleBits)) +
    ((6n * n * s1 * s1 * s2) << scaleBits) -
    3n * s1 * s1 * s1 * s1;
  return nearestRatio(m4, m2 * m2);
}

/** n sum x^2 - (sum x)^2 in units of 2^-2148. */
function second(n: bigint, [s1, s2]: readonly bigint[]): bigint {
  return ((n * s2) << scaleBits) - s1 * s1;
}

/** The count and the sums of powers in units of 2^-1074. */
function powers(m: Moments, order: number): { n: bigint; sum: readonly bigint[] } {
  if (m.count === 0) throw new DomainError("there are no values to summarise: add some first");
  if (m.sums.length < order)
    throw new ConfigError(
      `this statistic needs moments of order ${order}, got order ${m.sums.length}: ask for it in moments({ order })`,
    );
  return { n: BigInt(m.count), sum: m.sums.slice(0, order).map(scaledInteger) };
}
