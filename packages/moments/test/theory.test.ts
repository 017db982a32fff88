import { mlp } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import {
  growthExponents,
  layerTheory,
  oneInputLaw,
  reluIncrement,
  residualExponent,
  residualUnit,
  theoryKind,
} from "../src/index.js";

const gaussian = Math.sqrt(Math.PI / (Math.PI - 1));

describe("theory of infinite width", () => {
  it("gives the note's values of plain networks", () => {
    const theory = theoryKind(mlp("256-256x60-10"));
    const at = (layer: number) => {
      const { spread = 0, logChi = 0 } = layerTheory(theory, layer);
      return [spread, Math.exp(logChi)];
    };
    expect(at(1)[0]).toBeCloseTo(0.68169, 5);
    expect(at(1)[1]).toBeCloseTo(1.21117, 5);
    expect(at(10)[0]).toBeCloseTo(0.128464, 6);
    expect(at(10)[1]).toBeCloseTo(2.79003, 5);
    expect(at(60)[0]).toBeCloseTo(0.00887723, 8);
    expect(at(60)[1]).toBeCloseTo(10.6136, 4);
    // 9 pi^2 / (2 l^2)
    const deep = layerTheory(theoryKind(mlp("2-2x20000-1")), 20000);
    expect((deep.spread ?? 0) / ((9 * Math.PI ** 2) / (2 * 20000 ** 2))).toBeCloseTo(1, 2);
  });

  it("multiplies increments to the sensitivity", () => {
    const theory = theoryKind(mlp("8-8x30-1"));
    let logChi = 0;
    for (let layer = 1; layer <= 30; layer++) {
      const { deltaChi = 0, ...rest } = layerTheory(theory, layer);
      logChi += Math.log(deltaChi);
      expect(rest.logChi).toBeCloseTo(logChi, 12);
    }
  });

  it("holds where its conditions hold, and nowhere else", () => {
    const kind = (...args: Parameters<typeof mlp>) => theoryKind(mlp(...args)).kind;
    expect(kind("4-4x3-1")).toBe("vanilla");
    expect(kind("4-4x3-1", { embedding: true })).toBe("vanilla");
    expect(kind("4-4x3-1", { norm: "batch" })).toBe("batch-norm");
    expect(theoryKind(mlp("4-4x6-1", { norm: "batch", skip: "residual", block: 3 }))).toEqual({
      kind: "batch-norm-residual",
      block: 3,
    });
    for (const options of [
      { weightVariance: 1 },
      { activation: "tanh" },
      { bias: "normal:0.1" },
      { norm: "layer" as const },
      { skip: "dense" as const },
      { skip: "residual" as const, block: 1 },
    ])
      expect(kind("4-4x3-1", options)).toBe("none");
    expect(layerTheory({ kind: "none" }, 1)).toEqual({});
  });
});

describe("residual units", () => {
  it("grow with the ideal exponents 0.2335, 0.5760, 1.0784", () => {
    expect([1, 2, 3].map((block) => residualExponent(block))).toEqual(
      [0.2335, 0.576, 1.0784].map((tau) => expect.closeTo(tau, 4)),
    );
    expect(residualExponent(2, gaussian)).toBeCloseTo(residualExponent(2), 12);
  });

  it("approach the power law with that exponent", () => {
    for (const block of [1, 2, 3]) {
      const [a, b] = [5000, 10_000].map((unit) => residualUnit(unit, block).logChi);
      expect((b - a) / Math.LN2).toBeCloseTo(residualExponent(block), 3);
    }
  });

  it("multiply the ratios of their recursion", () => {
    for (const block of [1, 2, 3]) {
      let [logChi, mu2] = [0, 1];
      for (let unit = 1; unit <= 300; unit++) {
        const branch = 1 - 1 / Math.PI;
        const before = mu2;
        mu2 += branch;
        logChi += Math.log((before + branch * gaussian ** (2 * block)) / mu2) / 2;
        const closed = residualUnit(unit, block);
        expect(closed.logChi).toBeCloseTo(logChi, 11);
        expect(closed.mu2 / mu2).toBeCloseTo(1, 12);
      }
    }
  });

  it("refuse a block that is none", () => {
    expect(() => residualExponent(0)).toThrow("a block is a whole number of layers from 1, got 0");
  });
});

describe("one input", () => {
  it("has the note's exact variance and drift", () => {
    expect(oneInputLaw(128).logVariance).toBeCloseTo(0.040234, 6);
    expect(oneInputLaw(128).logDrift).toBeCloseTo(-0.019786, 6);
    expect(oneInputLaw(512).logVariance).toBeCloseTo(0.009837, 6);
    expect(oneInputLaw(512).logDrift).toBeCloseTo(-0.004898, 6);
  });

  it("is the mixture over K by direct summation at small widths, and 5 / N at large ones", () => {
    // K = 1 alone: ln(2 chi^2_1), E = ln 2 - gamma_E - ln 2 = -0.5772..., Var = pi^2 / 2.
    const { logDrift, logVariance, collapse, variance } = oneInputLaw(1);
    expect(logDrift).toBeCloseTo(-0.5772156649015329, 12);
    expect(logVariance).toBeCloseTo(Math.PI ** 2 / 2, 11);
    expect([collapse, variance]).toEqual([0.5, 5]);
    const large = oneInputLaw(100_000);
    expect(large.logVariance * 20_000).toBeCloseTo(1, 3);
    expect(large.logDrift * -40_000).toBeCloseTo(1, 3);
    expect(() => oneInputLaw(0)).toThrow("a width is a whole number from 1, got 0");
  });
});

describe("increments and exponents", () => {
  it("ReLU raises chi of Gaussian values by sqrt(pi / (pi - 1)), and that of one sign by nothing", () => {
    expect(reluIncrement(1 / Math.PI)).toBeCloseTo(1.211174, 6);
    expect(reluIncrement(0)).toBe(1);
    expect(reluIncrement(1)).toBeNaN();
  });

  it("a straight line has its slope as gamma, a power its exponent as tau", () => {
    const layers = Array.from({ length: 41 }, (_, k) => k + 1);
    expect(growthExponents(layers.map((l) => 0.2 * l - 3)).gamma).toBeCloseTo(0.2, 12);
    expect(growthExponents(layers.map((l) => 0.55 * Math.log(l) + 1)).tau).toBeCloseTo(0.55, 12);
    // The last half alone: layers 4 to 6 of six, and 4 to 7 of seven.
    expect(growthExponents([5, 5, 5, 1, 2, 3]).gamma).toBeCloseTo(1, 12);
    expect(growthExponents([5, 5, 5, 0, 2, 3]).gamma).toBeCloseTo(1.5, 12);
    expect(growthExponents([5, 5, 5, 1, 2, 3, 4]).gamma).toBeCloseTo(1, 12);
    expect(growthExponents([1, 2, 3])).toEqual({ gamma: Number.NaN, tau: Number.NaN });
  });
});
