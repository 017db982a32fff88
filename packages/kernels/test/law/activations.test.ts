import { describe, expect, it } from "vitest";
import { type KernelActivation, kernelActivations, mathModule } from "../../src/index.js";
import { kernels, put, take } from "./group.js";

const math = mathModule();
const { cos, erf, exp, expm1, log1p, normalCdf, normalPdf, sin, tanh } = math;
const logistic = (z: number) => (z < 0 ? exp(z) / (1 + exp(z)) : 1 / (1 + exp(-z)));
const selu = { scale: 1.0507009873554805, alpha: 1.6732632423543772 };

/** Value and derivative, by the same functions in the order of the definitions; parameter 0.3. */
const exact: Record<KernelActivation, readonly [value: (z: number) => number, derivative: (z: number) => number]> = {
  linear: [(z) => z, () => 1],
  relu: [(z) => Math.max(z, 0), (z) => (z > 0 ? 1 : 0)],
  "leaky-relu": [(z) => (z < 0 ? 0.3 * z : z), (z) => (z > 0 ? 1 : 0.3)],
  abs: [Math.abs, (z) => (z > 0 ? 1 : -1)],
  tanh: [tanh, (z) => 1 / math.pow(math.cosh(z), 2)],
  sigmoid: [logistic, (z) => logistic(z) * logistic(-z)],
  softplus: [(z) => Math.max(z, 0) + log1p(exp(-Math.abs(z))), logistic],
  silu: [(z) => z * logistic(z), (z) => logistic(z) * (1 + z * logistic(-z))],
  elu: [(z) => (z > 0 ? z : 0.3 * expm1(z)), (z) => (z > 0 ? 1 : 0.3 * exp(z))],
  selu: [(z) => selu.scale * (z > 0 ? z : selu.alpha * expm1(z)), (z) => selu.scale * (z > 0 ? 1 : selu.alpha * exp(z))],
  erf: [erf, (z) => (2 / Math.sqrt(Math.PI)) * exp(-z * z)],
  gelu: [(z) => z * normalCdf(z), (z) => normalCdf(z) + z * normalPdf(z)],
  sin: [(z) => sin(0.3 * z), (z) => 0.3 * cos(0.3 * z)],
};

describe("activations in float64", () => {
  const z = [...Array.from({ length: 400 }, (_, i) => (i - 200) / 10), 0, -0, 1e-300, -1e-20, 1e5, -700, 30, -30];

  it.each(kernelActivations)("%s and its derivative are exact to 4 ulp", (activation) => {
    kernels.release();
    const [values, ones] = [put(z), put(z.map(() => 1))];
    kernels.activateTangent(values, ones, z.length / 4, activation, 0.3);
    const [got, slopes] = [take(values, z.length), take(ones, z.length)];
    const [value, derivative] = exact[activation];
    z.forEach((x, i) => {
      expect(Math.abs(got[i] - value(x))).toBeLessThanOrEqual(1e-15 * Math.abs(value(x)));
      // Two ways to write the derivative of tanh: the cosine's overflow makes one of them 0 a little earlier.
      expect(Math.abs(slopes[i] - derivative(x))).toBeLessThanOrEqual(2e-15 * Math.abs(derivative(x)) + 1e-300);
    });
    const alone = put(z);
    kernels.activate(alone, z.length / 4, activation, 0.3);
    expect(take(alone, z.length)).toEqual(got);
  });

  it("keep a NaN", () => {
    for (const activation of kernelActivations) {
      kernels.release();
      const address = put([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
      kernels.activate(address, 1, activation);
      expect(take(address, 4).every(Number.isNaN)).toBe(true);
    }
  });
});
