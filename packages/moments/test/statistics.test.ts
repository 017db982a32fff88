import { readFileSync } from "node:fs";
import { matrix, normals, stream, symmetricEigenvalues } from "@sonde/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectiveRank, type Samples, signalMoments } from "../src/index.js";

const { cases } = JSON.parse(readFileSync(new URL("fixtures/statistics.json", import.meta.url), "utf8"));

const samples = (rows: number, channels: number, value: (i: number, j: number) => number): Samples => ({
  channels,
  data: Float64Array.from({ length: rows * channels }, (_, k) => value(Math.floor(k / channels), k % channels)),
});
const gaussian = (rows: number, channels: number, seed = 1): Samples => ({
  channels,
  data: normals(stream(seed), new Float64Array(rows * channels)),
});

describe("moments and effective rank", () => {
  it("are those of NumPy to 1e-11", () => {
    for (const { rows, cols, seed, effectiveRank: rank, ...expected } of cases) {
      const x = samples(rows, cols, (i, j) => Math.sin(1.3 * i * (j + seed) + 0.7 * j) + 0.2 * j + Math.cos(seed + 2.1 * i));
      const found = signalMoments(x);
      for (const [name, value] of Object.entries(expected))
        expect(
          Math.abs((found[name as keyof typeof found] as number) - (value as number)),
          `${name} of ${rows} x ${cols}`,
        ).toBeLessThan(1e-11 * Math.max(1, Math.abs(value as number)));
      expect(Math.abs(effectiveRank(x).value / rank - 1)).toBeLessThan(1e-10);
    }
  });

  it("hold for closed forms: a Bernoulli channel, a constant one, orthogonal ones", () => {
    const { nu1, nu2, mu2, mu4, constantSign, constantChannels } = signalMoments(
      samples(4, 2, (i, j) => (j === 0 ? i % 2 : -0.1)),
    );
    expect([nu1, nu2, mu2, mu4]).toEqual([0.3, (0.5 + 0.01) / 2, 0.125, 0.03125].map((value) => expect.closeTo(value, 15)));
    // Zeros aside, both channels have one sign.
    expect([constantSign, constantChannels]).toEqual([1, 0.5]);
    const orthogonal = samples(8, 3, (i, j) => Math.SQRT2 * Math.cos(((2 * i + 1) * (j + 1) * Math.PI) / 16));
    expect(effectiveRank(orthogonal).value).toBeCloseTo(3, 12);
    expect(effectiveRank(samples(5, 7, (i) => i)).value).toBeCloseTo(1, 14);
    expect(effectiveRank(samples(5, 7, (_, j) => j))).toEqual({ value: 0, residual: 0 });
    expect(effectiveRank(gaussian(40, 1)).value).toBe(1);
  });

  it("a kurtosis of M standardised values reaches M - 2 + 1 / (M - 1) and no more", () => {
    for (const m of [2, 3, 10, 200]) {
      const spike = samples(m, 1, (i) => (i === 0 ? 1 : 0));
      const { mu2, mu4 } = signalMoments(spike);
      expect(mu4 / (mu2 * mu2)).toBeCloseTo(m - 2 + 1 / (m - 1), 9);
      const other = signalMoments(gaussian(m, 1, m));
      expect(other.mu4 / (other.mu2 * other.mu2)).toBeLessThanOrEqual(m - 2 + 1 / (m - 1) + 1e-9);
    }
  });

  it("float32 values give the moments of those values", () => {
    const { channels, data } = gaussian(50, 6);
    const rounded = Float32Array.from(data);
    expect(signalMoments({ channels, data: rounded })).toEqual(signalMoments({ channels, data: Float64Array.from(rounded) }));
  });

  it("the effective rank lies in [1, min(channels, samples - 1)] and does not see scale, shift, rotation and order", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 0, max: 1e6 }),
        fc.double({ min: 0, max: 6 }),
        (rows, channels, seed, angle) => {
          const x = gaussian(rows, channels, seed);
          const { value } = effectiveRank(x);
          expect(value).toBeGreaterThanOrEqual(1);
          expect(value).toBeLessThanOrEqual(Math.min(channels, rows - 1) + 1e-9);
          const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
          const at = (i: number, j: number) => x.data[i * channels + j];
          const turned = samples(rows, channels, (i, j) =>
            j === 0 ? cos * at(i, 0) - sin * at(i, 1) : j === 1 ? sin * at(i, 0) + cos * at(i, 1) : at(i, j),
          );
          const moved = samples(rows, channels, (i, j) => 3 * at(rows - 1 - i, channels - 1 - j) + j);
          for (const other of [turned, moved]) expect(effectiveRank(other).value).toBeCloseTo(value, 7);
        },
      ),
    );
  });

  it("is the same by every method, and by all eigenvalues", () => {
    for (const [rows, channels] of [
      [60, 97],
      [97, 60],
      [120, 130],
      [400, 100],
      [100, 100],
    ]) {
      const x = gaussian(rows, channels);
      const { value, residual } = effectiveRank(x);
      const means = signalMoments(x).means;
      const covariance = matrix(channels, channels);
      for (let i = 0; i < rows; i++)
        for (let a = 0; a < channels; a++)
          for (let b = 0; b < channels; b++)
            covariance.data[a * channels + b] += (x.data[i * channels + a] - means[a]) * (x.data[i * channels + b] - means[b]);
      const eigenvalues = symmetricEigenvalues(covariance);
      const trace = eigenvalues.reduce((sum, lambda) => sum + lambda, 0);
      expect(Math.abs(value / (trace / eigenvalues[0]) - 1)).toBeLessThan(1e-10);
      expect(residual).toBeLessThanOrEqual(1e-8);
    }
  });
});
