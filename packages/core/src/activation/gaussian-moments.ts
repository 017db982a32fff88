import { DomainError } from "../errors.js";
import { gaussianExpectation } from "../quadrature/gaussian-expectation.js";
import type { Activation, ActivationMoments } from "./activation.js";

/** The Gaussian moments of an activation, with an upper estimate of their errors, relative to E |phi|, E phi^2 and E phi'^2. */
export interface GaussianMoments extends ActivationMoments {
  readonly error: number;
}

/**
 * E phi(z), E phi(z)^2 and E phi'(z)^2 for z ~ N(0, variance): closed forms where the activation has them, else adaptive quadrature split at the kinks,
 * with an `error` below 1e-12. At variance 0 the limit from above; Infinity where a closed form exceeds float64.
 *
 * Throws `DomainError` unless the variance is finite and >= 0, and `NumericalError` where an integrand is not finite.
 *
 * @example
 * gaussianMoments(activation("relu"), 2).second // 1
 * gaussianMoments(activation("erf"), 0.5).second // 0.33333333333333...
 */
export function gaussianMoments(activation: Activation, variance: number): GaussianMoments {
  if (!(variance >= 0 && variance < Number.POSITIVE_INFINITY))
    throw new DomainError(`Gaussian moments need a finite variance >= 0, got ${variance}`);
  if (activation.moments) return { ...activation.moments(variance), error: 16 * Number.EPSILON };
  if (variance === 0) return momentsAtZero(activation);
  const components = (z: number): readonly number[] => {
    const value = activation.value(z);
    const slope = activation.derivative(z);
    return [value, value * value, slope * slope];
  };
  const { values, error } = gaussianExpectation(components, variance, { kinks: activation.kinks });
  return { mean: values[0], second: values[1], derivativeSecond: values[2], error };
}

/** The limit of small variance: half of the points see the slope on the left of 0, half that on the right. */
function momentsAtZero({ value, derivative }: Activation): GaussianMoments {
  const left = derivative(-Number.MIN_VALUE);
  const right = derivative(Number.MIN_VALUE);
  return { mean: value(0), second: value(0) * value(0), derivativeSecond: (left * left + right * right) / 2, error: 0 };
}
