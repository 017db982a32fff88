import { type Activation, gaussianExpectation, gaussianMoments } from "@sonde/core";
import { jumpsOf } from "../dual/jumps.js";

/** A slope that is 1 but for rounding is 1: critical points are meant exactly. */
export function fixedSlope(slope: number): number {
  return Math.abs(slope - 1) < 1e-14 ? 1 : slope;
}

/** chi_1 = sigma_w^2 E phi'^2: infinite where phi jumps. */
export function differenceSlope(activation: Activation, weightVariance: number, variance: number): number {
  if (weightVariance > 0 && jumpsOf(activation).length > 0) return Number.POSITIVE_INFINITY;
  return fixedSlope(weightVariance * gaussianMoments(activation, variance).derivativeSecond);
}

/** dV/dq of the variance map: sigma_w^2 (E phi'^2 + E phi phi'') = sigma_w^2 E phi phi' z / sqrt(q), z standard normal. */
export function varianceSlope(activation: Activation, weightVariance: number, variance: number): number {
  if (activation.homogeneous || variance === 0) return weightVariance * gaussianMoments(activation, variance).derivativeSecond;
  const { value, derivative, kinks } = activation;
  const { values } = gaussianExpectation((u) => [value(u) * derivative(u) * u], variance, { kinks });
  return (weightVariance * values[0]) / variance;
}
