import { atan2, exp, expm1, log1p, normalCdf, normalPdf } from "../math.js";
import type { ActivationFamily, ActivationFunction } from "./activation.js";
import { sigmoid } from "./logistic.js";

/** `scale` (z for z > 0, alpha (e^z - 1) otherwise). */
function exponentialUnit(alpha: number, scale: number): ActivationFunction {
  return {
    value: (z) => scale * (z > 0 ? z : alpha * expm1(z)),
    derivative: (z) => scale * (z > 0 ? 1 : alpha * exp(z)),
    kinks: alpha === 1 ? [] : [0],
    homogeneous: false,
    vanishes: false,
  };
}

/** sqrt(2 / pi) (z + 0.044715 z^3), doubled: the argument of the logistic function in the tanh form of GELU. */
const geluArgument = (z: number): number => 2 * Math.sqrt(2 / Math.PI) * z * (1 + 0.044715 * z * z);

/** tanh(softplus(z)) and 1 minus it, both with their digits kept. */
function mishGate(z: number): { gate: number; rest: number } {
  const e = exp(-Math.abs(z));
  const [open, shut] = z > 0 ? [1 + 2 * e, 2 * e * e] : [e * (e + 2), 2];
  return { gate: open / (open + shut), rest: shut / (open + shut) };
}

/** Activations that pass large z and hold back small ones, smoothly. */
export const rectifying: Readonly<Record<string, ActivationFamily>> = {
  gelu: {
    define: () => ({
      value: (z) => z * normalCdf(z),
      derivative: (z) => normalCdf(z) + z * normalPdf(z),
      kinks: [],
      homogeneous: false,
      vanishes: false,
      // Products of normal densities and distribution functions are again of that kind, which leaves E Phi^2, E z Phi and E z^2 under normal laws.
      moments: (variance) => {
        const one = 1 + variance;
        const two = 1 + 2 * variance;
        const angle = atan2(variance, Math.sqrt(two)) / (2 * Math.PI);
        return {
          mean: variance / Math.sqrt(2 * Math.PI * one),
          second: variance * (0.25 + angle + variance / (Math.PI * one * Math.sqrt(two))),
          derivativeSecond:
            0.25 + angle + variance / (Math.PI * one * Math.sqrt(two)) + variance / (2 * Math.PI * two * Math.sqrt(two)),
        };
      },
    }),
  },
  "gelu-tanh": {
    define: () => ({
      value: (z) => z * sigmoid(geluArgument(z)),
      derivative: (z) => {
        const argument = geluArgument(z);
        const gate = sigmoid(argument);
        const slope = gate * sigmoid(-argument);
        // Where the slope has underflowed its factor may have overflowed, and only the gate is left.
        return slope === 0 ? gate : gate + z * slope * 2 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * z * z);
      },
      kinks: [],
      homogeneous: false,
      vanishes: false,
    }),
  },
  silu: {
    define: () => ({
      value: (z) => z * sigmoid(z),
      derivative: (z) => sigmoid(z) * (1 + z * sigmoid(-z)),
      kinks: [],
      homogeneous: false,
      vanishes: false,
    }),
  },
  mish: {
    define: () => ({
      value: (z) => z * mishGate(z).gate,
      derivative: (z) => {
        const { gate, rest } = mishGate(z);
        return gate + z * rest * (1 + gate) * sigmoid(z);
      },
      kinks: [],
      homogeneous: false,
      vanishes: false,
    }),
  },
  softplus: {
    define: () => ({
      value: (z) => Math.max(z, 0) + log1p(exp(-Math.abs(z))),
      derivative: sigmoid,
      kinks: [],
      homogeneous: false,
      vanishes: false,
    }),
  },
  elu: {
    parameter: { default: 1, valid: (alpha) => alpha > 0, expected: "an alpha > 0" },
    define: (alpha) => exponentialUnit(alpha, 1),
  },
  selu: { define: () => exponentialUnit(1.6732632423543772, 1.0507009873554805) },
};
