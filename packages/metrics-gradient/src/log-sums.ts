import { exp, log } from "@sonde/core/math";

/** ln (exp a + exp b), where neither may fit float64. */
export function logSum(a: number, b: number): number {
  const [small, large] = a < b ? [a, b] : [b, a];
  return large === Number.NEGATIVE_INFINITY ? large : large + log(1 + exp(small - large));
}

/** ln of the mean of exp over values with shares, whose logarithms are given. */
export function logMean(values: readonly number[], shares: readonly number[]): number {
  return values.map((value, k) => value + shares[k]).reduce(logSum);
}
