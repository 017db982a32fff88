import { DomainError } from "@sonde/core";
import { asin, exp, log, log1p, sin } from "@sonde/core/math";
import { mixedMoment } from "./mixed-moments.js";
import type { StepLaw } from "./step-law.js";
import { stepMoments } from "./step-moments.js";

/** `full`: the update for any angle; `small-angle`: its limit, X' = X - 2 theta / (3 pi) - rho(n). */
export type PublishedForm = "full" | "small-angle";

/**
 * The published law of X' = ln sin^2 theta' after a ReLU layer of width n from the angle theta (and X = ln sin^2 theta where theta underflows):
 *
 *     mean = ln[(n-1) D / F] + 4 (J22 + 1) n / F^2 - 4 n B1 / ((n-1)^2 D^2),   F = 4 J22 - 1 + n,
 *     variance = 8 n (J22 + 1) / F^2 + 8 n B1 / ((n-1)^2 D^2) - 16 n B2 / (F (n-1) D).
 *
 * Right to O(1/n): at small angles the mean is low by about 92 / n^2 and the variance by 112 / n^2. Relative error 1e-13 at every angle: B1 / D^2 and B2 / D come
 * from `stepMoments`, not from the closed forms, which cancel. `small-angle` has the published mean's limit and the full form's variance.
 *
 * @throws DomainError for an angle outside (0, pi] or a width that is not a whole number from 2
 * @see Jakub and Nica, arXiv 2306.01513, section 2.1; arXiv 2302.09712, theorem 1
 *
 * @example
 * publishedStep(16)(1).mean // -0.762306310766...
 */
export function publishedStep(width: number, form: PublishedForm = "full"): (theta: number, logSin2?: number) => StepLaw {
  if (!(Number.isInteger(width) && width >= 2))
    throw new DomainError(`the published update needs a width that is a whole number from 2, got ${width}`);
  const moments = stepMoments(0);
  const n = width;
  return (theta, logSin2 = 2 * log(sin(theta))) => {
    const { logRatio, drift, diffusion } = moments(theta);
    const j22 = mixedMoment(2, 2, theta);
    const b1 = 1 - drift / 4;
    const b2 = (8 * (j22 + 1) + 8 * b1 - diffusion) / 16;
    const f = 4 * j22 - 1 + n;
    const full =
      logSin2 + logRatio - log1p((4 * j22) / (n - 1)) + (4 * (j22 + 1) * n) / (f * f) - (4 * n * b1) / ((n - 1) * (n - 1));
    return {
      mean: form === "full" ? full : logSin2 - (2 * theta) / (3 * Math.PI) - publishedDrift(n),
      variance: (8 * n * (j22 + 1)) / (f * f) + (8 * n * b1) / ((n - 1) * (n - 1)) - (16 * n * b2) / (f * (n - 1)),
    };
  };
}

/**
 * rho(n) = ln((n+5)/(n-1)) - 10 n / (n+5)^2 + 6 n / (n-1)^2, by which ln sin^2 theta falls in a layer of width n at small angles, as published.
 *
 * @example
 * publishedDrift(64) // 0.05329604838...
 */
export function publishedDrift(n: number): number {
  return log1p(6 / (n - 1)) - (10 * n) / ((n + 5) * (n + 5)) + (6 * n) / ((n - 1) * (n - 1));
}

/**
 * The published prediction: the mean of X = ln sin^2 theta by iterating the published mean from `theta0` through the hidden `widths` (the plug-in recursion), the
 * variance carried along to first order. A mean above 0 counts as 0.
 *
 * @throws DomainError for an angle outside (0, pi] or a width below 2
 *
 * @example
 * publishedAngles(Math.PI / 2, Array(50).fill(16))[49].mean // -20.337...
 */
export function publishedAngles(theta0: number, widths: readonly number[], form: PublishedForm = "full"): StepLaw[] {
  return [...publishedChain(theta0, widths, form)];
}

/** The same, layer by layer. */
export function* publishedChain(
  theta0: number,
  widths: readonly number[],
  form: PublishedForm = "full",
): Generator<StepLaw, void> {
  let theta = theta0;
  let logSin2 = 2 * log(sin(theta0));
  let variance = 0;
  let step = publishedStep(widths[0] ?? 2, form);
  for (let l = 0; l < widths.length; l++) {
    if (l > 0 && widths[l] !== widths[l - 1]) step = publishedStep(widths[l], form);
    const law = step(theta, logSin2);
    const mean = Math.min(0, law.mean);
    const slope = variance === 0 ? 0 : slopeAt(step, theta);
    variance = law.variance + variance * slope * slope;
    yield { mean, variance };
    logSin2 = mean;
    theta = asin(exp(mean / 2));
  }
}

/** d mean / d ln sin^2 theta; at small angles it is 1 to rounding, and the difference quotient would not be better. */
function slopeAt(step: (theta: number) => StepLaw, theta: number): number {
  if (theta < 1e-6) return 1;
  const h = 1e-4;
  const low = asin(sin(theta) * exp(-h / 2));
  return (step(theta).mean - step(low).mean) / h;
}
