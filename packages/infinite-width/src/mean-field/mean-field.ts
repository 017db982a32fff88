import { type Activation, gaussianMoments, type VarianceMapOptions } from "@sonde/core";
import { log } from "@sonde/core/math";
import { correlationFixedPoint } from "./correlation-fixed-point.js";
import { differenceSlope, fixedSlope, varianceSlope } from "./slopes.js";
import { varianceFixedPoint } from "./variance-fixed-point.js";

/** Ordered: inputs become alike with depth; chaotic: they are torn apart; critical: the edge between them; unbounded: the variance grows without limit. */
export type Phase = "ordered" | "critical" | "chaotic" | "unbounded";

/** What mean field theory says of very deep, infinitely wide networks of one activation. */
export interface MeanField {
  readonly weightVariance: number;
  readonly biasVariance: number;
  /** q*, the variance of pre-activations far from the input: 0 where the signal dies out, Infinity where it grows without bound. */
  readonly qStar: number;
  /** sigma_w^2 E phi'^2 at q*: by how much a small difference between inputs (and a gradient) grows in a layer, squared; Infinity for `sign`, which jumps. */
  readonly chi1: number;
  /** c*, the correlation that two inputs of positive correlation reach, in [0, 1]. */
  readonly cStar: number;
  /** Layers in which the distance of the correlation to c* falls by a factor e; Infinity on the critical line (then it falls algebraically). */
  readonly xiC: number;
  /** The same for the distance of the variance to q*. */
  readonly xiQ: number;
  readonly phase: Phase;
  /** Why values are NaN, where they are. */
  readonly reason?: string;
}

/**
 * Mean field theory of an activation with weights of variance sigma_w^2 / fan_in and biases of variance sigma_b^2:
 *
 *     q* = sigma_w^2 E phi(sqrt(q*) z)^2 + sigma_b^2,        chi_1 = sigma_w^2 E phi'^2,
 *     c* = (sigma_w^2 E phi(u1) phi(u2) + sigma_b^2) / q*,   xi_c = -1 / ln(sigma_w^2 E phi'(u1) phi'(u2)),   xi_q = -1 / ln |dq'/dq|
 *
 * q* is the fixed point reached from variance 1 (see `varianceFixedPoint`). Where q* = 0 every correlation is kept, and c* = 1 is what a vanishing bias would lead to. Where
 * the variance is unbounded, values are those of homogeneous activations, which do not depend on it; for others they are NaN, with a `reason`.
 *
 * @throws DomainError for variances that are negative or not finite
 * @see Poole et al. 2016 (arXiv 1606.05340); Schoenholz et al. 2017 (arXiv 1611.01232)
 *
 * @example
 * meanField(activation("tanh"), { weightVariance: 2.5, biasVariance: 0.05 }).cStar // 0.4468042323...
 * meanField(activation("relu"), { weightVariance: 2 }).phase // "critical"
 */
export function meanField(activation: Activation, { weightVariance, biasVariance = 0 }: VarianceMapOptions): MeanField {
  const qStar = varianceFixedPoint(activation, { weightVariance, biasVariance });
  const bounded = qStar < Number.POSITIVE_INFINITY;
  const given = { weightVariance, biasVariance, qStar };
  if (!bounded && !activation.homogeneous) {
    const none = Number.NaN;
    const reason = "the variance grows without bound, so there is no fixed point: lower the weight variance";
    return { ...given, chi1: none, cStar: none, xiC: none, xiQ: none, phase: "unbounded", reason };
  }
  const variance = bounded ? qStar : 1;
  const chi1 = differenceSlope(activation, weightVariance, variance);
  // An unbounded homogeneous signal forgets its bias; all correlations of one without bias rise to 1.
  const { correlation, slope } =
    bounded && qStar > 0 && !activation.homogeneous
      ? correlationFixedPoint(activation, weightVariance, biasVariance, qStar, chi1)
      : { correlation: 1, slope: bounded ? chi1 : chi1 / fixedSlope(weightVariance * gaussianMoments(activation, 1).second) };
  return {
    ...given,
    chi1,
    cStar: correlation,
    xiC: depthScale(slope),
    xiQ: bounded ? depthScale(fixedSlope(varianceSlope(activation, weightVariance, variance))) : Number.NaN,
    phase: bounded ? (chi1 === 1 ? "critical" : chi1 < 1 ? "ordered" : "chaotic") : "unbounded",
    ...(!bounded && { reason: "the variance grows without bound, so it has no depth scale: lower the weight variance" }),
  };
}

/** -1 / ln of a slope's size: 0 where it is 0, Infinity where it is 1. */
function depthScale(slope: number): number {
  const size = Math.abs(slope);
  return size === 0 ? 0 : size === 1 ? Number.POSITIVE_INFINITY : -1 / log(size);
}
