import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AngleDistribution,
  angleChain,
  degenerateProbability,
  distributionCdf,
  distributionMoments,
  distributionQuantiles,
  type LayerLawOptions,
  layerLaw,
  smallAngleLaw,
} from "../../src/index.js";
import { reference, startingAngles } from "./reference.js";

const obtuse: readonly Record<"theta0" | "width" | "mean" | "meanError" | "sd" | "sdError", number>[] = JSON.parse(
  readFileSync(new URL("./fixtures/obtuse.json", import.meta.url), "utf8"),
);

function last(theta0: number, widths: readonly number[], options?: LayerLawOptions): AngleDistribution {
  return [...angleChain(theta0, widths, options)][widths.length - 1];
}

describe("the law of one layer", () => {
  it("has mean and variance of two million simulated layers, within 4 standard errors", () => {
    for (const { width, theta, mean, meanStandardError, variance, varianceStandardError } of reference.oneStep) {
      const law = layerLaw(width)(theta);
      const label = `width ${width}, angle ${theta}`;
      expect(Math.abs(law.mean - mean) / meanStandardError, label).toBeLessThan(4);
      // The table's own variance is known to about 0.1 %.
      const error = Math.hypot(varianceStandardError, 1e-3 * variance);
      expect(Math.abs(law.variance - variance) / error, label).toBeLessThan(4);
    }
  });

  it("is exact at small angles and tends to the matched law with the width", () => {
    for (const width of [2, 5, 7, 40, 300]) {
      const { drift, variance } = smallAngleLaw(width);
      const law = layerLaw(width)(1e-9);
      expect(law.mean - 2 * Math.log(1e-9)).toBeCloseTo(-drift, 7);
      expect(law.variance).toBeCloseTo(variance, 7);
    }
    for (const theta of [0.1, 1, 2.5]) {
      const [exact, matched] = [layerLaw(1e5)(theta), layerLaw(1e5, { law: "matched" })(theta)];
      expect(exact.mean).toBeCloseTo(matched.mean, 8);
      expect(exact.variance).toBeCloseTo(matched.variance, 8);
    }
  });

  it("gives parts whose mean is that of the law, where nothing is cut off at 0", () => {
    const { parts, mean, degenerate } = layerLaw(64)(0.5);
    expect(parts).toHaveLength(32);
    expect([...parts].sort((a, b) => a - b)).toEqual(parts);
    expect(parts[15]).toBeLessThan(mean + 0.1);
    expect(degenerate).toBe(degenerateProbability(0.5, 64));
    expect(layerLaw(1)(1)).toMatchObject({ degenerate: 1, parts: [] });
    expect(() => layerLaw(8, { slope: -1, law: "tabulated" })).toThrow("tabulated for slopes from 0 to 0.3, got a slope of -1");
  });
});

describe("the chain", () => {
  it("predicts the mean of simulated networks to 1 % or 0.005, the spread to 2 %, beyond 4 standard errors", () => {
    for (const wanted of [...reference.networks, ...reference.explicitWeights]) {
      const found = last(startingAngles[wanted.theta0], Array(wanted.hiddenLayers).fill(wanted.width));
      const { mean, sd } = distributionMoments(found);
      const label = `${wanted.theta0}, width ${wanted.width}, layer ${wanted.hiddenLayers}`;
      const close = Math.max(0.01 * Math.abs(wanted.mean), 0.005);
      expect(Math.abs(mean - wanted.mean), label).toBeLessThan(close);
      expect(Math.abs(mean - wanted.mean), label).toBeLessThan(4 * wanted.meanStandardError + 0.001 * Math.abs(wanted.mean));
      expect(Math.abs(sd - wanted.sd), label).toBeLessThan(0.02 * wanted.sd);
      expect(Math.abs(sd - wanted.sd), label).toBeLessThan(4 * wanted.sdStandardError);
      const share = wanted.degenerate / wanted.networks;
      const error = Math.sqrt(Math.max(found.degenerate, 1 / wanted.networks) / wanted.networks);
      expect(Math.abs(found.degenerate - share), label).toBeLessThan(4 * error);
      distributionQuantiles(found, [0.05, 0.5, 0.95]).forEach((quantile, k) => {
        const simulated = [wanted.q05, wanted.q50, wanted.q95][k];
        // Of a normal law the standard error at 5 % is 2.1 that of the mean; grid steps blur the first layer.
        expect(Math.abs(quantile - simulated), label).toBeLessThan(10 * wanted.meanStandardError + 0.01 * wanted.sd);
      });
    }
  });

  it("gives the note's values with the matched law", () => {
    const rows = [
      [Math.PI / 2, 16, 50, -10.752, 4.825],
      [Math.PI / 2, 64, 50, -4.964, 1.706],
      [Math.PI / 2, 256, 100, -5.518, 1.109],
      [0.1, 64, 100, -9.159, 3.049],
    ];
    for (const [theta0, width, depth, mean, sd] of rows) {
      const found = distributionMoments(last(theta0, Array(depth).fill(width), { law: "matched" }));
      expect(Math.abs(found.mean - mean), `${width} x ${depth}`).toBeLessThan(0.002 * Math.abs(mean));
      expect(Math.abs(found.sd - sd), `${width} x ${depth}`).toBeLessThan(0.005 * sd);
    }
  });

  it("is the exact random walk at angles that vanish, down to e^-200 and beyond", () => {
    const { drift, variance } = smallAngleLaw(12);
    const found = last(Math.exp(-100), Array(400).fill(12));
    const { mean, sd } = distributionMoments(found);
    expect(mean).toBeCloseTo(-200 - 400 * drift, 6);
    expect(sd).toBeCloseTo(Math.sqrt(400 * variance), 4);
    // Underflowing angles go on as well.
    expect(distributionMoments(last(1e-300, Array(400).fill(12))).mean - 2 * Math.log(1e-300)).toBeCloseTo(-400 * drift, 5);
  });

  it("tends to the infinitely wide network", () => {
    const { mean, sd } = distributionMoments(last(Math.PI / 2, Array(50).fill(1e6)));
    expect(Math.abs(mean + 3.72435005356614)).toBeLessThan(3e-4);
    expect(sd).toBeLessThan(0.02);
  });

  it("follows images just below pi/2, where ln sin^2 is flat: from obtuse angles, against NumPy", () => {
    // Half a million pairs each, by fixtures/make_obtuse.py.
    for (const { theta0, width, mean, meanError, sd, sdError } of obtuse) {
      const found = distributionMoments(last(theta0, [width, width]));
      expect(Math.abs(found.mean - mean), `${width} from ${theta0}`).toBeLessThan(4.5 * meanError + 1e-3);
      expect(Math.abs(found.sd - sd), `${width} from ${theta0}`).toBeLessThan(4.5 * sdError + 0.01 * sd);
    }
  });

  it("is a law at every layer: it sums to 1, the degenerate share never falls, quantiles ascend", () => {
    const widths = fc.array(fc.constantFrom(1, 2, 3, 7, 20, 100, 1000), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: Math.PI, noNaN: true }), widths, (theta0, hidden) => {
        let before = 0;
        for (const found of angleChain(theta0, hidden)) {
          expect(found.degenerate).toBeGreaterThanOrEqual(before);
          expect(found.degenerate).toBeLessThanOrEqual(1);
          before = found.degenerate;
          if (found.logSin2.length === 0) continue;
          expect(found.probability.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
          expect(found.logSin2[0]).toBeLessThanOrEqual(0);
          const quantiles = distributionQuantiles(found, [0, 0.01, 0.2, 0.5, 0.8, 0.99, 1]);
          expect([...quantiles].sort((a, b) => a - b)).toEqual(quantiles);
          const cdf = distributionCdf(found);
          // More where the law has an atom there.
          expect(cdf(quantiles[2])).toBeGreaterThan(0.2 - 1e-6);
        }
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  it("from several angles is the average of the chains from each", () => {
    const hidden = [16, 32];
    const both = [...angleChain([0.3, 2], hidden)][1];
    const [a, b] = [last(0.3, hidden), last(2, hidden)].map(distributionMoments);
    expect(distributionMoments(both).mean).toBeCloseTo((a.mean + b.mean) / 2, 4);
  });

  it("ends where practically every pair is degenerate", () => {
    const found = last(1, Array(300).fill(2));
    expect(found.degenerate).toBeGreaterThan(1 - 1e-12);
    expect(distributionMoments(found)).toEqual({ mean: Number.NaN, sd: Number.NaN });
    expect(distributionQuantiles(found, [0.5])).toEqual([Number.NaN]);
    expect(() => distributionQuantiles(found, [2])).toThrow("a probability from 0 to 1, got 2");
    expect(() => last(0, [4])).toThrow("lies in (0, pi], got 0");
    expect(() => [...angleChain([], [4])]).toThrow("at least one angle between inputs, got none");
    expect(() => last(1, [4, 2.5])).toThrow("a width is a whole number from 1, got 2.5");
  });
});
