import { expect } from "vitest";

/** Expects the mean of independent samples to lie within 4.5 of its standard errors of `expected` (1e-12 where the samples are constant). */
export function expectMean(samples: ArrayLike<number>, expected: number): void {
  let mean = 0;
  let square = 0;
  for (let k = 0; k < samples.length; k++) mean += samples[k] / samples.length;
  for (let k = 0; k < samples.length; k++) square += (samples[k] - mean) ** 2;
  const standardError = Math.sqrt(square) / samples.length;
  expect(Math.abs(mean - expected)).toBeLessThanOrEqual(4.5 * standardError + 1e-12);
}

/** Expects samples to follow the continuous law with this distribution function: Kolmogorov-Smirnov, at the level of 5 sigma (6e-7). */
export function expectLaw(samples: ArrayLike<number>, distributionFunction: (x: number) => number): void {
  const sorted = Float64Array.from(samples).sort();
  const n = sorted.length;
  let distance = 0;
  sorted.forEach((x, k) => {
    const p = distributionFunction(x);
    distance = Math.max(distance, p - k / n, (k + 1) / n - p);
  });
  expect(distance * Math.sqrt(n)).toBeLessThan(2.74);
}

export const square = (x: number) => x * x;
