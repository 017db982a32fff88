import { kolmogorovTail } from "./kolmogorov-law.js";
import { ascending } from "./quantiles.js";

/** Products of the sizes up to which the p-value is exact: below a tenth of a second. */
const mostExact = 1e7;

/**
 * The two-sample Kolmogorov-Smirnov test: statistic = sup |F_n - G_m| of the two empirical distribution functions, and the probability `pValue` of a statistic at
 * least as large if all values are independent and follow one continuous law. `[n], [m]`.
 *
 * Exact for n m <= 10^7; beyond, the limit law, which is too large by at most 0.6 / sqrt(min(n, m)), and for n = m by 1 / n. Values that are equal make the
 * p-value too large, never too small. Throws `DomainError` for no values or NaN among them. Source: Hodges, Arkiv för Matematik 3 (1958) 469-486.
 *
 * @example
 * ksTest2([1, 2, 3], [4, 5, 6]) // { statistic: 1, pValue: 0.1 }
 */
export function ksTest2(a: ArrayLike<number>, b: ArrayLike<number>): { readonly statistic: number; readonly pValue: number } {
  const [n, m] = [a.length, b.length];
  const steps = largestGap(ascending(a), ascending(b));
  const statistic = steps / (n * m);
  const pValue = n * m <= mostExact ? pathsThatReach(steps, n, m) : kolmogorovTail(statistic * Math.sqrt((n * m) / (n + m)));
  return { statistic, pValue };
}

/** n m sup |F_n - G_m|, a whole number. */
function largestGap(a: Float64Array, b: Float64Array): number {
  const [n, m] = [a.length, b.length];
  let i = 0;
  let j = 0;
  let largest = 0;
  while (i < n && j < m) {
    const x = Math.min(a[i], b[j]);
    while (a[i] === x) i++;
    while (b[j] === x) j++;
    largest = Math.max(largest, Math.abs(i * m - j * n));
  }
  return largest;
}

/** The probability that a random path from (0, 0) to (n, m), one step along one axis at a time, somewhere has |i m - j n| >= steps. */
function pathsThatReach(steps: number, n: number, m: number): number {
  /** Per j, the probability that the path comes to (i, j) without having reached it. */
  const here = new Float64Array(m + 1);
  let reached = 0;
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      const before = n - i + (m - j) + 1;
      let probability = i + j === 0 ? 1 : (here[j] * (n - i + 1)) / before;
      if (j > 0) probability += (here[j - 1] * (m - j + 1)) / before;
      if (Math.abs(i * m - j * n) >= steps) {
        reached += probability;
        probability = 0;
      }
      here[j] = probability;
    }
  }
  return Math.min(1, reached);
}
