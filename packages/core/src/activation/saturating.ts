import { atan2, erf, exp, tanh } from "../math.js";
import type { ActivationFamily } from "./activation.js";
import { sigmoid, sigmoidDerivative } from "./logistic.js";

/** Bounded activations that level off on both sides. */
export const saturating: Readonly<Record<string, ActivationFamily>> = {
  tanh: {
    define: () => ({
      value: tanh,
      derivative: (z) => 4 * sigmoidDerivative(2 * z),
      kinks: [],
      homogeneous: false,
      vanishes: false,
    }),
  },
  erf: {
    define: () => ({
      value: erf,
      derivative: (z) => (2 / Math.sqrt(Math.PI)) * exp(-z * z),
      kinks: [],
      homogeneous: false,
      vanishes: false,
      // Williams 1997: (2/pi) asin(2v / (1 + 2v)), with the arcsine as an arctangent that keeps its digits at large v.
      moments: (variance) => ({
        mean: 0,
        second: (2 / Math.PI) * atan2(2 * variance, Math.sqrt(1 + 4 * variance)),
        derivativeSecond: 4 / (Math.PI * Math.sqrt(1 + 4 * variance)),
      }),
    }),
  },
  sigmoid: {
    define: () => ({ value: sigmoid, derivative: sigmoidDerivative, kinks: [], homogeneous: false, vanishes: false }),
  },
  softsign: {
    define: () => ({
      value: (z) => z / (1 + Math.abs(z)),
      derivative: (z) => 1 / (1 + Math.abs(z)) / (1 + Math.abs(z)),
      kinks: [],
      homogeneous: false,
      vanishes: false,
    }),
  },
};
