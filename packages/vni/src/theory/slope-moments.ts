import { type Activation, gaussianExpectation } from "@sonde/core";

/** Moments of the squared slope of an activation. */
export interface SlopeMoments {
  /** E phi'(sqrt(q) z)^2. */
  readonly mu1: number;
  /** E phi'(sqrt(q) z)^4. */
  readonly mu2: number;
}

/**
 * mu_k = E phi'(sqrt(q) z)^(2 k), k = 1, 2, for a standard normal z: the two slopes where the activation is positively homogeneous, otherwise adaptive quadrature with an error below 1e-12 of each.
 *
 * Throws `DomainError` unless q, the variance of the pre-activations, is finite and >= 0, and `NumericalError` where phi' overflows.
 *
 * @example
 * slopeMoments(activation("relu"), 1) // { mu1: 0.5, mu2: 0.5 }
 * slopeMoments(activation("erf"), 0.5).mu1 // 0.735105...
 */
export function slopeMoments({ derivative, homogeneous, kinks }: Activation, q: number): SlopeMoments {
  if (homogeneous || q === 0) {
    const at = homogeneous ? 1 : Number.MIN_VALUE;
    const [left, right] = [-at, at].map((z) => derivative(z) * derivative(z));
    return { mu1: (left + right) / 2, mu2: (left * left + right * right) / 2 };
  }
  const powers = (z: number): readonly number[] => {
    const slope = derivative(z);
    const square = slope * slope;
    return [square, square * square];
  };
  const { values } = gaussianExpectation(powers, q, { kinks });
  return { mu1: values[0], mu2: values[1] };
}
