import { activation } from "@sonde/core";
import { exp, normalCdf, normalPdf } from "@sonde/core/math";
import { kernelActivations } from "@sonde/kernels";
import { describe, expect, it } from "vitest";
import { kernels, put } from "./lanes.js";

const sigmoid = (z: number) => (z < 0 ? exp(z) / (1 + exp(z)) : 1 / (1 + exp(-z)));

/** What the rounding of a derivative is relative to: its terms' magnitudes where they cancel, and the exponent of a Gaussian. */
const magnitude: Partial<Record<string, (z: number, derivative: number) => number>> = {
  silu: (z) => sigmoid(z) * (1 + Math.abs(z) * sigmoid(-z)),
  gelu: (z) => (normalCdf(z) + Math.abs(z) * normalPdf(z)) * (1 + 0.2 * z * z),
  erf: (z, derivative) => derivative * (1 + 0.1 * z * z),
};

describe("tangents of activations", () => {
  it.each(kernelActivations)("%s: the derivative is within 1e-6 relative, from 1e-30 to 80, of both signs and at 0", (name) => {
    const z: number[] = [0, -0];
    for (let e = -30; e < 1; e += 0.01) z.push(10 ** e, -(10 ** e));
    for (let v = 0; v < 80; v += 0.005) z.push(v, -v);
    while (z.length % 4) z.push(0);
    for (const parameter of ["leaky-relu", "elu", "sin"].includes(name) ? [undefined, 0.3] : [undefined]) {
      kernels.release();
      const [values, apart, tangents] = [put(z), put(z), put(z.map(() => 3))];
      const inputs = kernels.floats(values, z.length).slice();
      kernels.activateTangent(values, tangents, z.length / 4, name, parameter);
      kernels.activate(apart, z.length / 4, name, parameter);
      expect(kernels.floats(values, z.length)).toEqual(kernels.floats(apart, z.length));
      const exact = activation(parameter === undefined ? name : `${name}:${Math.fround(parameter)}`).derivative;
      const slope = Float64Array.from(inputs, (v) => exact(v));
      const got = Float64Array.from(kernels.floats(tangents, z.length), (v) => v / 3);
      const worst = Array.from(got, (value, i) => {
        const size = magnitude[name]?.(inputs[i], slope[i]) ?? Math.abs(slope[i]);
        return Math.abs(value - slope[i]) / (1e-6 * size + 2 ** -126);
      });
      expect(Math.max(...worst)).toBeLessThanOrEqual(1);
    }
  });
});
