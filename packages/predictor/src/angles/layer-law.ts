import { ConfigError, DomainError } from "@sonde/core";
import { log, sin } from "@sonde/core/math";
import { degenerateProbability } from "./degenerate.js";
import { memo } from "./memo.js";
import { normalParts, partShares } from "./shape.js";
import { smallAngleLaw } from "./small-angle.js";
import type { StepLaw } from "./step-law.js";
import { stepMoments } from "./step-moments.js";
import { isTabulated, tabulatedCorrections } from "./tabulated.js";

/** `tabulated`: the exact law, from tables (slopes from 0 to 0.3); `matched`: a normal law with the matched mean and variance. */
export type AngleLaw = "tabulated" | "matched";

export interface LayerLawOptions {
  /** Default `tabulated` where it can be, else `matched`. */
  readonly law?: AngleLaw;
  /** The activation's slope below 0; above it is 1. Default 0 (ReLU). */
  readonly slope?: number;
}

/** The law of ln sin^2 theta after one layer. */
export interface LayerLaw extends StepLaw {
  /** The probability that the pair becomes degenerate; the rest is given that it does not. */
  readonly degenerate: number;
  /** The means of the 32 parts of the law between fixed quantiles (`partShares`), ascending, at most 0. */
  readonly parts: readonly number[];
}

/**
 * The law of X' = ln sin^2 theta' after one layer of `width` units, for two inputs at the angle theta (and X = ln sin^2 theta where theta underflows), with normal
 * weights and no bias. Matched: normal, cut off at 0, with
 *
 *     mean = ln D + A rho* / 2,   variance = V sigma*^2 / 8
 *
 * (A(0) = -2 and V(0) = 8 for ReLU; other slopes their own), which is exact as theta -> 0 for every width and to O(1 / width) at every angle. Tabulated: mean, variance and
 * shape from exact layers of widths up to 128, interpolated in theta and 1 / width towards the matched law at infinity.
 *
 * Width 1 leaves no angle: degenerate with probability 1, no parts.
 *
 * @throws DomainError for an angle outside [0, pi] or a width that is not a whole number from 1, ConfigError for a tabulated law of other slopes
 *
 * @example
 * layerLaw(16)(1.5).mean // -0.208...
 * layerLaw(16, { law: "matched" })(1.5).mean // -0.2...
 */
export function layerLaw(width: number, options: LayerLawOptions = {}): (theta: number, logSin2?: number) => LayerLaw {
  return layerLaws(options)(width);
}

/** The same for many widths, which share what does not depend on the width. */
export function layerLaws({
  slope = 0,
  law = isTabulated(slope) ? "tabulated" : "matched",
}: LayerLawOptions): (width: number) => (theta: number, logSin2?: number) => LayerLaw {
  if (law === "tabulated" && !isTabulated(slope))
    throw new ConfigError(
      `the exact law is tabulated for slopes from 0 to 0.3, got a slope of ${slope} below 0: take the matched law`,
    );
  const moments = memo(stepMoments(slope));
  const limit = moments(0);
  const corrections = law === "tabulated" ? tabulatedCorrections(slope) : undefined;
  const normal = { mean: 0, variance: 0, shape: normalParts() };
  const shares = partShares();
  return (width) => {
    if (!(Number.isInteger(width) && width >= 1)) throw new DomainError(`a width is a whole number from 1, got ${width}`);
    if (width === 1) return () => ({ degenerate: 1, mean: Number.NaN, variance: Number.NaN, parts: [] });
    const small = smallAngleLaw(width, slope);
    const correction = corrections?.(width);
    return (theta, logSin2 = 2 * log(sin(theta))) => {
      const { logRatio, drift, diffusion } = moments(theta);
      const added = correction?.(theta) ?? normal;
      const mean = logSin2 + logRatio + drift * (small.drift / -limit.drift) + added.mean / width;
      const variance = Math.max(0, (diffusion * small.variance) / limit.diffusion + added.variance / width);
      return {
        degenerate: slope === 0 ? degenerateProbability(theta, width) : 0,
        mean,
        variance,
        parts: standardised(added.shape, shares).map((z) => Math.min(0, mean + Math.sqrt(variance) * z)),
      };
    };
  };
}

/** The values shifted and scaled to mean 0 and variance 1. */
function standardised(values: readonly number[], shares: readonly number[]): number[] {
  let mean = 0;
  let square = 0;
  for (let k = 0; k < values.length; k++) {
    mean += shares[k] * values[k];
    square += shares[k] * values[k] * values[k];
  }
  const scale = 1 / Math.sqrt(square - mean * mean);
  return values.map((value) => (value - mean) * scale);
}
