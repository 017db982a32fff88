import { type Activation, gaussianExpectation } from "@sonde/core";
import { exp } from "@sonde/core/math";
import type { Curvature } from "./curvature.js";

/** What the jumps of phi' add to E phi''(u) phi''(v): each delta meets the smooth part of the other variable, given its own, and the other's deltas. */
export function deltaTerms(
  { smooth, jumps }: Curvature,
  { kinks }: Activation,
  variance1: number,
  variance2: number,
  cosine: number,
): number {
  if (jumps.length === 0) return 0;
  const left = (1 - cosine) * (1 + cosine);
  if (left === 0) return Number.POSITIVE_INFINITY;
  let total = 0;
  for (const [own, other] of [
    [variance1, variance2],
    [variance2, variance1],
  ]) {
    const ratio = cosine * Math.sqrt(other / own);
    for (const { at, by } of jumps) {
      const mean = ratio * at;
      const shifted = { kinks: kinks.map((kink) => kink - mean) };
      const met = gaussianExpectation((z) => [smooth(mean + z)], other * left, shifted).values[0];
      total += by * density(at, own) * met;
    }
  }
  for (const first of jumps)
    for (const second of jumps)
      total +=
        first.by *
        second.by *
        density(first.at, variance1) *
        density(second.at - cosine * Math.sqrt(variance2 / variance1) * first.at, variance2 * left);
  return total;
}

/** The density of N(0, variance) at z. */
export function density(z: number, variance: number): number {
  return exp((-z * z) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
}
