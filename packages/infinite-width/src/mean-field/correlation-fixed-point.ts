import type { Activation } from "@sonde/core";
import { dualAtEqualVariances } from "../dual/equal-variances.js";

/** The correlation map at its fixed point. */
export interface CorrelationFixedPoint {
  /** c*, in [0, 1]. */
  readonly correlation: number;
  /** The map's slope there: sigma_w^2 E phi'(u1) phi'(u2). */
  readonly slope: number;
}

/**
 * c*, the correlation that any two inputs of positive correlation reach deep in an infinitely wide network, by Newton's method from 0: on [0, 1] the map
 * c -> (sigma_w^2 E phi(u1) phi(u2) + sigma_b^2) / q* has derivatives that are all >= 0, so the steps rise to its first fixed point, which is 1 unless the slope at 1 exceeds 1.
 */
export function correlationFixedPoint(
  activation: Activation,
  weightVariance: number,
  biasVariance: number,
  variance: number,
  chi1: number,
): CorrelationFixedPoint {
  if (chi1 <= 1) return { correlation: 1, slope: chi1 };
  const dual = dualAtEqualVariances(activation, variance);
  let correlation = 0;
  for (let step = 0; step < 100; step++) {
    const { value, first } = dual(correlation);
    const slope = weightVariance * first;
    const excess = (weightVariance * value + biasVariance) / variance - correlation;
    const next = Math.min(1, correlation + excess / (1 - slope));
    if (!(slope < 1 && next > correlation + 1e-15)) return { correlation, slope };
    correlation = next;
  }
  return { correlation, slope: weightVariance * dual(correlation).first };
}
