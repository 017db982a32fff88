import { type Activation, gaussianExpectation } from "@sonde/core";
import type { Curvature } from "./curvature.js";
import { density } from "./delta-terms.js";
import type { Dual } from "./dual.js";

/**
 * The dual where u, v or both are the constant 0, as the limit of small variance: a variable without variance sees the slopes on both sides of 0 equally, and two of
 * them see the same side.
 */
export function constantDual(activation: Activation, { smooth, jumps }: Curvature, variance1: number, variance2: number): Dual {
  const { value, derivative, kinks } = activation;
  const tiny = Number.MIN_VALUE;
  const [left, right] = [derivative(-tiny), derivative(tiny)];
  const bent = jumps.some(({ at }) => at === 0);
  const variance = Math.max(variance1, variance2);
  if (variance === 0) {
    const second = bent ? Number.POSITIVE_INFINITY : (smooth(-tiny) * smooth(-tiny) + smooth(tiny) * smooth(tiny)) / 2;
    return { value: value(0) * value(0), first: (left * left + right * right) / 2, second, error: 0 };
  }
  const { values, error } = gaussianExpectation((z) => [value(z), derivative(z), smooth(z)], variance, { kinks });
  const curvature = values[2] + jumps.reduce((sum, { at, by }) => sum + by * density(at, variance), 0);
  return {
    value: value(0) === 0 ? 0 : value(0) * values[0],
    first: ((left + right) / 2) * values[1],
    second: bent ? Math.sign(curvature) * Number.POSITIVE_INFINITY : ((smooth(-tiny) + smooth(tiny)) / 2) * curvature,
    error,
  };
}
