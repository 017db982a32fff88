import { type Matrix, matrix } from "@sonde/core";

/** Running means and squared deviations of every entry of a symmetric matrix over independent samples; entry (i, j <= i) at i (i + 1) / 2 + j. Plain data. */
export interface PairSums {
  count: number;
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

export function pairSums(points: number): PairSums {
  const entries = (points * (points + 1)) / 2;
  return { count: 0, means: new Float64Array(entries), deviations: new Float64Array(entries) };
}

/** Adds one sample, in place (Welford 1962). */
export function addPairs(sums: PairSums, values: Float64Array): void {
  const { means, deviations } = sums;
  const count = ++sums.count;
  for (let k = 0; k < values.length; k++) {
    const before = values[k] - means[k];
    means[k] += before / count;
    deviations[k] += before * (values[k] - means[k]);
  }
}

/** Adds the samples behind another record, in place (Chan, Golub, LeVeque 1979). */
export function mergePairs(sums: PairSums, other: PairSums): void {
  const count = sums.count + other.count;
  if (other.count === 0) return;
  for (let k = 0; k < sums.means.length; k++) {
    const between = other.means[k] - sums.means[k];
    sums.means[k] += (between * other.count) / count;
    sums.deviations[k] += other.deviations[k] + (between * between * sums.count * other.count) / count;
  }
  sums.count = count;
}

/** The mean of every entry and its standard error, Infinity from a single sample. */
export function pairEstimates(
  sums: PairSums,
  points: number,
): { mean: Matrix<Float64Array>; standardError: Matrix<Float64Array> } {
  const mean = matrix(points, points);
  const standardError = matrix(points, points);
  for (let i = 0, k = 0; i < points; i++)
    for (let j = 0; j <= i; j++, k++) {
      const error = sums.count < 2 ? Number.POSITIVE_INFINITY : Math.sqrt(sums.deviations[k] / (sums.count - 1) / sums.count);
      for (const at of [i * points + j, j * points + i]) {
        mean.data[at] = sums.means[k];
        standardError.data[at] = error;
      }
    }
  return { mean, standardError };
}
