import { kolmogorovTail } from "./kolmogorov-law.js";
import { ascending } from "./quantiles.js";

/**
 * The Kolmogorov-Smirnov test of values against a continuous distribution function: statistic = sup |F_n - F| over the real line, and the probability
 * `pValue` of a statistic at least as large if the values are independent and follow F.
 *
 * The p-value is Kolmogorov's limit law with Vrbik's correction for finite n, good to 0.001 (absolute) from n = 10 on.
 * Throws `DomainError` for no values or NaN among them. Source: Vrbik, Pioneer J. Theor. Appl. Stat. 15 (2018) 15-23.
 *
 * @example
 * ksTest([0.25, 0.75], (x) => x).statistic // 0.25
 */
export function ksTest(
  values: ArrayLike<number>,
  cdf: (x: number) => number,
): { readonly statistic: number; readonly pValue: number } {
  const statistic = ksStatistic(values, cdf);
  const n = values.length;
  const root = Math.sqrt(n);
  const x = statistic * root;
  return { statistic, pValue: kolmogorovTail(x + 1 / (6 * root) + (x - 1) / (4 * n)) };
}

/** sup |F_n - F| for the empirical distribution function F_n of the values. Throws `DomainError` for no values or NaN among them. */
export function ksStatistic(values: ArrayLike<number>, cdf: (x: number) => number): number {
  const sorted = ascending(values);
  const n = sorted.length;
  let largest = 0;
  sorted.forEach((x, i) => {
    const f = cdf(x);
    largest = Math.max(largest, (i + 1) / n - f, f - i / n);
  });
  return largest;
}
