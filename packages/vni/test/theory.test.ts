import { readFileSync } from "node:fs";
import { activation, activationNames, addRunning, matrix, running, runningEstimate, split, stream } from "@sonde/core";
import { erf } from "@sonde/core/math";
import { type Architecture, mlp, randomNetwork, tangent } from "@sonde/nets";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearGaussianVni, predictVni, slopeMoments } from "../src/index.js";

interface Case {
  activation: string;
  weights: "gaussian" | "orthogonal";
  width: number;
  hiddenLayers: number;
  formula: number;
  weightVariance: number;
  biasVariance: number;
}
// Computed for this project by an independent script; the file says what each number is.
const { cases }: { cases: Case[] } = JSON.parse(
  readFileSync(new URL("../../../test/verify/reference/vni.json", import.meta.url), "utf8"),
);

describe("slopeMoments", () => {
  const ratio = (name: string, q: number) => {
    const { mu1, mu2 } = slopeMoments(activation(name), q);
    return mu2 / mu1 ** 2;
  };

  it.each([0.01, 0.3, 1, 7])("has the closed forms at q = %f", (q) => {
    expect(ratio("linear", q)).toBe(1);
    expect(ratio("relu", q)).toBe(2);
    expect(ratio("abs", q)).toBe(1);
    expect(ratio("leaky-relu:0.5", q)).toBeCloseTo((2 * (1 + 0.5 ** 4)) / (1 + 0.5 ** 2) ** 2, 13);
    expect(ratio("hard-tanh", q)).toBeCloseTo(1 / erf(1 / Math.sqrt(2 * q)), 11);
    // E exp(-2 k q z^2) = 1 / sqrt(1 + 4 k q).
    expect(ratio("erf", q)).toBeCloseTo((1 + 4 * q) / Math.sqrt(1 + 8 * q), 11);
    // cos^2 = (1 + cos 2z) / 2, E cos(k z) = exp(-k^2 q / 2).
    const [c2, c4] = [Math.exp(-2 * q), Math.exp(-8 * q)];
    expect(ratio("sin", q)).toBeCloseTo((3 / 8 + c2 / 2 + c4 / 8) / ((1 + c2) / 2) ** 2, 11);
  });

  it("is at least 1 for every activation, with the mean square of the slope that the variance map uses", () => {
    for (const name of activationNames) {
      const phi = activation(name);
      for (const q of [0, 0.5, 2]) {
        const { mu1, mu2 } = slopeMoments(phi, q);
        if (mu1 === 0) expect(mu2).toBe(0);
        else expect(mu2 / mu1 ** 2).toBeGreaterThan(1 - 1e-11);
      }
    }
  });
});

describe("predictVni", () => {
  it.each(cases)("has the formula of the reference: $activation $weights $width $hiddenLayers $biasVariance", (wanted) => {
    const { width, hiddenLayers, weights, weightVariance, biasVariance } = wanted;
    const model = mlp(`${width}-${width}x${hiddenLayers}-1`, {
      activation: wanted.activation,
      init: weights === "gaussian" ? "lecun-normal" : "orthogonal",
      weightVariance,
      bias: `normal:${biasVariance}`,
    });
    // The reference's variances are rounded to five or six digits.
    expect(predictVni(model).layers[hiddenLayers - 1].formula / wanted.formula).toBeCloseTo(1, 5);
  });

  it("of ReLU and linear networks is that of the table", () => {
    const last = (options: object) => predictVni(mlp("50-50x7-1", options)).layers[6];
    expect(last({}).formula).toBeCloseTo(15 / 50, 14);
    expect(last({ init: "orthogonal" }).formula).toBeCloseTo(8 / 50, 14);
    expect(last({ activation: "linear" }).formula).toBeCloseTo(8 / 50, 14);
    expect(last({ activation: "linear", init: "orthogonal" }).formula).toBeCloseTo(1 / 50, 14);
    // An orthogonal layer that widens copies nothing: its columns are fewer than its rows.
    const widening = predictVni(mlp("4-8-16-1", { activation: "linear", init: "orthogonal" })).layers;
    expect(widening.map(({ formula }) => formula)).toEqual([1 / 4, 1 / 4]);
    // Before the last activation its share is missing.
    expect(last({}).preFormula).toBeCloseTo(14 / 50, 14);
    expect(last({ init: "he-truncated-normal" }).formula).toBe(last({}).formula);
    expect(last({ init: "he-uniform", bias: "normal:0.1" }).formula).toBe(last({}).formula);
  });

  it("carried through at finite width is exact for linear Gaussian networks, and the formula to the first order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 60 }), (width, depth) => {
        const { layers } = predictVni(mlp([width, ...new Array<number>(depth).fill(width), 1], { activation: "linear" }));
        expect(layers[depth - 1].annealed).toBeCloseTo(linearGaussianVni(width, depth), 12);
      }),
      { numRuns: 60, seed: 1 },
    );
    for (const options of [{}, { init: "orthogonal" }, { activation: "tanh" }, { activation: "gelu", bias: "normal:0.1" }]) {
      const wide = predictVni(mlp("40000-40000x6-1", options)).layers[5];
      expect(wide.annealed / wide.formula).toBeCloseTo(1, 3);
      expect(wide.preAnnealed / wide.preFormula).toBeCloseTo(1, 3);
    }
  });

  it("stays in (0, 1] at any depth, where the formula is void, and says from where on it is beyond its domain", () => {
    const { layers, beyond } = predictVni(mlp("16-16x1000-1"));
    layers.forEach(({ annealed }) => {
      expect(annealed).toBeGreaterThan(0);
      expect(annealed).toBeLessThanOrEqual(1);
    });
    expect(beyond).toBe(layers.find(({ formula }) => formula > 0.35)?.layer);
    expect(layers[999].formula).toBeGreaterThan(1);
  });

  it.each<[string, number[], string]>([
    ["narrowing, orthogonal", [7, 12, 5, 9], "orthogonal"],
    ["narrowing, normal", [7, 12, 5, 9], "lecun-normal"],
    ["widening, orthogonal", [3, 4, 8, 8], "orthogonal"],
  ])("through other widths too, linear: %s", (_name, widths, init) => {
    const architecture = mlp([...widths, 1], { activation: "linear", init });
    const { layers } = predictVni(architecture);
    const [inputs] = widths;
    const zeros = matrix(inputs, inputs);
    const identity = matrix(inputs, inputs);
    for (let i = 0; i < inputs; i++) identity.data[i * inputs + i] = 1;
    const sums = layers.map(() => ({ square: running(), trace: running() }));
    for (let k = 0; k < 1500; k++)
      tangent(randomNetwork(architecture, split(stream(2), k)), zeros, identity, {
        observe: ({ layer, tangents: { rows, cols, data }, tangentExponent }) => {
          let [square, trace] = [0, 0];
          for (let i = 0; i < rows; i++)
            for (let j = 0; j < rows; j++) {
              let product = 0;
              for (let u = 0; u < cols; u++) product += data[i * cols + u] * data[j * cols + u];
              square += product * product;
              if (i === j) trace += product;
            }
          addRunning(sums[layer - 1].square, square * 16 ** tangentExponent);
          addRunning(sums[layer - 1].trace, trace * trace * 16 ** tangentExponent);
        },
      });
    layers.forEach(({ annealed }, l) => {
      const [square, trace] = [runningEstimate(sums[l].square), runningEstimate(sums[l].trace)];
      // Numerator and denominator rise and fall together: their relative errors, added, are more than that of the ratio.
      const error = square.standardError / square.value + trace.standardError / trace.value;
      expect(Math.abs(square.value / trace.value / annealed - 1)).toBeLessThan(4.5 * error + 1e-12);
    });
  });

  it("says where it ends and why", () => {
    const after = (architecture: Architecture) => predictVni(architecture).reason;
    expect(after(mlp("4-8x2-1", { norm: "batch" }))).toMatch(/^there is no formula for layers\[1\], a norm layer/);
    expect(after(mlp("4-4x2-1", { skip: "residual" }))).toMatch(/a residual layer/);
    expect(after(mlp("4-8x2-1", { init: "rai" }))).toMatch(/initialisation rai is neither independent nor orthogonal/);
    expect(after(mlp("4-8x2-1", { activation: "sign" }))).toMatch(/the slope of sign .* is 0/);
    expect(after(mlp("4-8x8-1", { activation: "exp" }))).toMatch(/^layers\[\d+\]/);
    expect(after(mlp("4-8x2-1"))).toBeUndefined();
    expect(predictVni(mlp("4-8x2-1", { norm: "batch" })).layers).toEqual([]);
    expect(() => predictVni(mlp("4-8x2-1"), { meanSquare: -1 })).toThrow("a mean square is finite and >= 0, got -1");
    expect(() => linearGaussianVni(0, 1)).toThrow("a width is a whole number from 1");
  });
});
