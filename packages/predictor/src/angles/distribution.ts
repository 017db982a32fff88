import { DomainError } from "@sonde/core";
import type { AngleDistribution } from "./chain.js";

/** Mean and standard deviation of the law; NaN if every pair is degenerate. */
export function distributionMoments({ logSin2, probability }: AngleDistribution): { readonly mean: number; readonly sd: number } {
  if (logSin2.length === 0) return { mean: Number.NaN, sd: Number.NaN };
  const mean = probability.reduce((sum, p, k) => sum + p * logSin2[k], 0);
  const variance = probability.reduce((sum, p, k) => sum + p * (logSin2[k] - mean) * (logSin2[k] - mean), 0);
  return { mean, sd: Math.sqrt(Math.max(0, variance)) };
}

/**
 * The distribution function of the law, P(ln sin^2 theta <= x) given that the pair is not degenerate: every grid point's probability is spread evenly over the cell
 * around it, that of 0 on the half cell below.
 */
export function distributionCdf(distribution: AngleDistribution): (x: number) => number {
  const { edges, cumulative } = cells(distribution);
  return (x) => piecewise(edges, cumulative, x);
}

/**
 * The quantiles of the law at the probabilities `ps` in [0, 1]; NaN if every pair is degenerate.
 *
 * @throws DomainError for a probability outside [0, 1]
 */
export function distributionQuantiles(distribution: AngleDistribution, ps: readonly number[]): number[] {
  const { edges, cumulative } = cells(distribution);
  return ps.map((p) => {
    if (!(p >= 0 && p <= 1)) throw new DomainError(`a quantile is asked for at a probability from 0 to 1, got ${p}`);
    return piecewise(cumulative, edges, p);
  });
}

/** The ends of the cells around the grid points, ascending, and the probability below each. */
function cells({ logSin2, probability }: AngleDistribution): { edges: number[]; cumulative: number[] } {
  const n = logSin2.length;
  const edges: number[] = [];
  const cumulative: number[] = [];
  let sum = 0;
  for (let j = n - 1; j >= 0; j--) {
    const below = j + 1 < n ? (logSin2[j] + logSin2[j + 1]) / 2 : logSin2[j];
    edges.push(below);
    // Never falling, though single probabilities may be below 0.
    cumulative.push(Math.max(cumulative.at(-1) ?? 0, Math.min(1, sum)));
    sum += probability[j];
  }
  if (n > 0) {
    edges.push(logSin2[0]);
    cumulative.push(1);
  }
  return { edges, cumulative };
}

/** Linear interpolation of `ys` over the ascending `xs`, constant beyond. */
function piecewise(xs: readonly number[], ys: readonly number[], x: number): number {
  if (xs.length === 0) return Number.NaN;
  let [low, high] = [0, xs.length - 1];
  if (x >= xs[high]) return ys[high];
  if (x <= xs[0]) return ys[0];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle;
  }
  return ys[low] + ((ys[high] - ys[low]) * (x - xs[low])) / (xs[high] - xs[low]);
}
