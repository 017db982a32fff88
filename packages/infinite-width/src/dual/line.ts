import { type Activation, gaussianExpectation } from "@sonde/core";
import type { Curvature } from "./curvature.js";
import type { Dual } from "./dual.js";

/** Correlations this near to 1 or -1 are exactly that, rounded. */
const rounded = 4 * Number.EPSILON;

/** Whether two variables of this correlation are multiples of one another, so that an expectation is over one of them. */
export function isLine(correlation: number): boolean {
  return 1 - Math.abs(correlation) <= rounded;
}

/** The dual of fully correlated variables (correlation 1 or -1) without what its second derivative has from kinks: v is a multiple of u, and quadrature over the wider one finds all. */
export function lineDual(activation: Activation, curvature: Curvature, sd1: number, sd2: number, sign: number): Dual {
  const [wide, narrow] = sd1 > sd2 ? [sd1, sd2] : [sd2, sd1];
  const ratio = (Math.sign(sign) * narrow) / wide;
  const { value, derivative, kinks } = activation;
  const { values, error } = gaussianExpectation(
    (z) => [
      value(z) * value(ratio * z),
      derivative(z) * derivative(ratio * z),
      curvature.smooth(z) * curvature.smooth(ratio * z),
    ],
    wide * wide,
    { kinks: [...kinks, ...kinks.map((kink) => kink / ratio)] },
  );
  const [product, first, second] = values;
  return { value: product, first, second, error };
}
