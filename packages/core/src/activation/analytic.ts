import { cos, exp, expm1, sin } from "../math.js";
import type { ActivationFamily, ActivationFunction } from "./activation.js";

/** sin(frequency z), the activation of SIREN (Sitzmann et al. 2020). */
function wave(frequency: number): ActivationFunction {
  const square = frequency * frequency;
  return {
    value: (z) => sin(frequency * z),
    derivative: (z) => frequency * cos(frequency * z),
    kinks: [],
    homogeneous: false,
    vanishes: false,
    moments: (variance) => ({
      mean: 0,
      second: sinSquared(square * variance),
      derivativeSecond: square * cosSquared(square * variance),
    }),
  };
}

/** E sin^2 and E cos^2 of a centred normal variable. */
const sinSquared = (variance: number): number => -expm1(-2 * variance) / 2;
const cosSquared = (variance: number): number => (1 + exp(-2 * variance)) / 2;

/** Periodic, exponential and bell-shaped activations; all their moments are elementary. */
export const analytic: Readonly<Record<string, ActivationFamily>> = {
  sin: {
    parameter: { default: 1, valid: (frequency) => frequency > 0, expected: "a frequency > 0" },
    define: wave,
  },
  cos: {
    define: () => ({
      value: cos,
      derivative: (z) => -sin(z),
      kinks: [],
      homogeneous: false,
      vanishes: false,
      moments: (variance) => ({
        mean: exp(-variance / 2),
        second: cosSquared(variance),
        derivativeSecond: sinSquared(variance),
      }),
    }),
  },
  exp: {
    define: () => ({
      value: exp,
      derivative: exp,
      kinks: [],
      homogeneous: false,
      vanishes: false,
      moments: (variance) => ({ mean: exp(variance / 2), second: exp(2 * variance), derivativeSecond: exp(2 * variance) }),
    }),
  },
  /** e^(-z^2). */
  gaussian: {
    define: () => ({
      value: (z) => exp(-z * z),
      derivative: (z) => {
        const value = exp(-z * z);
        return value === 0 ? 0 : -2 * z * value;
      },
      kinks: [],
      homogeneous: false,
      vanishes: false,
      moments: (variance) => {
        const spread = 1 + 4 * variance;
        return {
          mean: 1 / Math.sqrt(1 + 2 * variance),
          second: 1 / Math.sqrt(spread),
          derivativeSecond: (4 * (variance / spread)) / Math.sqrt(spread),
        };
      },
    }),
  },
};
