import type { ActivationFamily, ActivationFunction } from "./activation.js";

/** Slope `slope` below 0 and 1 above: every positively homogeneous activation with phi(1) = 1. Moments: Cho and Saul 2009, at equal arguments. */
function ramp(slope: number): ActivationFunction {
  const power = (1 + slope * slope) / 2;
  return {
    value: slope === 0 ? (z) => Math.max(z, 0) : (z) => (z > 0 ? z : slope * z),
    derivative: (z) => (z > 0 ? 1 : slope),
    kinks: slope === 1 ? [] : [0],
    homogeneous: true,
    vanishes: slope === 0,
    moments: (variance) => ({
      mean: (1 - slope) * Math.sqrt(variance / (2 * Math.PI)),
      second: power * variance,
      derivativeSecond: power,
    }),
  };
}

const clip = (z: number, low: number, high: number): number => Math.min(Math.max(z, low), high);

/** Activations made of polynomial pieces. */
export const piecewise: Readonly<Record<string, ActivationFamily>> = {
  relu: { define: () => ramp(0) },
  "leaky-relu": {
    parameter: { default: 0.01, valid: () => true, expected: "a finite slope for z < 0" },
    define: ramp,
  },
  /** Its slope for z < 0 is learned: the parameter is what it begins with. */
  prelu: {
    parameter: { default: 0.25, valid: () => true, expected: "a finite slope for z < 0 to begin with" },
    define: ramp,
  },
  linear: { define: () => ramp(1) },
  abs: { define: () => ramp(-1) },
  relu6: {
    define: () => ({
      value: (z) => clip(z, 0, 6),
      derivative: (z) => (z > 0 && z <= 6 ? 1 : 0),
      kinks: [0, 6],
      homogeneous: false,
      vanishes: true,
    }),
  },
  "hard-tanh": {
    define: () => ({
      value: (z) => clip(z, -1, 1),
      derivative: (z) => (z > -1 && z <= 1 ? 1 : 0),
      kinks: [-1, 1],
      homogeneous: false,
      vanishes: false,
    }),
  },
  "hard-sigmoid": {
    define: () => ({
      value: (z) => clip(z + 3, 0, 6) / 6,
      derivative: (z) => (z > -3 && z <= 3 ? 1 / 6 : 0),
      kinks: [-3, 3],
      homogeneous: false,
      vanishes: true,
    }),
  },
  "hard-swish": {
    define: () => ({
      value: (z) => (z <= -3 ? 0 : z * (clip(z + 3, 0, 6) / 6)),
      derivative: (z) => (z > 3 ? 1 : z > -3 ? (2 * z + 3) / 6 : 0),
      kinks: [-3, 3],
      homogeneous: false,
      vanishes: true,
    }),
  },
  sign: {
    define: () => ({
      value: Math.sign,
      derivative: () => 0,
      kinks: [0],
      homogeneous: false,
      vanishes: false,
      moments: () => ({ mean: 0, second: 1, derivativeSecond: 0 }),
    }),
  },
};
