import { type Matrix, multiply, split, stream, transpose } from "@sonde/core";
import { atan2 } from "@sonde/core/math";
import { describe, expect, it } from "vitest";
import { deltaOrthogonal, haar, initialiser, orthogonal } from "../src/index.js";
import { expectLaw, expectMean, square } from "./statistics.js";

/** Largest entry of |A^T A - scale I|. */
function deviation(a: Matrix, scale = 1): number {
  const gram = multiply(transpose(a), a);
  return gram.data.reduce((worst, g, k) => Math.max(worst, Math.abs(g - (k % (gram.cols + 1) === 0 ? scale : 0))), 0);
}

const draws = (count: number, rows: number, cols: number) =>
  Array.from({ length: count }, (_, seed) => haar(split(stream(11), seed), rows, cols).data);

const trace = (q: Float64Array, n: number) => Array.from({ length: n }, (_, i) => q[i * n + i]).reduce((a, b) => a + b, 0);

describe("haar", () => {
  it.each([
    [1, 1],
    [2, 2],
    [9, 9],
    [150, 150],
    [40, 7],
    [200, 1],
  ])("%i x %i has orthonormal columns, and its transposed shape orthonormal rows", (rows, cols) => {
    expect(deviation(haar(stream(1), rows, cols))).toBeLessThan(1e-13);
    expect(deviation(transpose(haar(stream(1), cols, rows)))).toBeLessThan(1e-13);
  });

  it.each([1, 2, 3, 4, 5, 6])("n = %i: E tr = 0, E tr^2 = 1, E q^2 = 1/n, E q^4 = 3 / (n (n + 2)) at every entry", (n) => {
    const sample = draws(12_000, n, n);
    const traces = sample.map((q) => trace(q, n));
    expectMean(traces, 0);
    expectMean(traces.map(square), 1);
    for (let k = 0; k < n * n; k++) {
      const entries = sample.map((q) => q[k]);
      expectMean(entries, 0);
      expectMean(entries.map(square), 1 / n);
      expectMean(
        entries.map((q) => q ** 4),
        3 / (n * (n + 2)),
      );
    }
  });

  it.each([2, 3, 4])("n = %i: E tr^4 = 3, E tr Q^2 = 1", (n) => {
    const sample = draws(12_000, n, n);
    expectMean(
      sample.map((q) => trace(q, n) ** 4),
      3,
    );
    expectMean(
      sample.map((q) => q.reduce((sum, value, k) => sum + value * q[(k % n) * n + Math.floor(k / n)], 0)),
      1,
    );
  });

  it("n = 2: the angle of a column is uniform and both determinants are equally likely", () => {
    const sample = draws(20_000, 2, 2);
    for (const j of [0, 1])
      expectLaw(
        sample.map((q) => atan2(q[2 + j], q[j])),
        (t) => (t + Math.PI) / (2 * Math.PI),
      );
    expectMean(
      sample.map((q) => q[0] * q[3] - q[1] * q[2]),
      0,
    );
  });

  it.each([
    [3, 3],
    [3, 1],
    [1, 3],
    [3, 2],
    [2, 3],
  ])("%i x %i: every entry is uniform on (-1, 1), as Archimedes has it for the sphere", (rows, cols) => {
    const sample = draws(10_000, rows, cols);
    for (let k = 0; k < rows * cols; k++)
      expectLaw(
        sample.map((q) => q[k]),
        (x) => (x + 1) / 2,
      );
  });

  it("is invariant: the first entry of a fixed rotation times Q keeps its law", () => {
    const sample = draws(10_000, 3, 3);
    expectLaw(
      sample.map((q) => 0.36 * q[0] + 0.48 * q[3] - 0.8 * q[6]),
      (x) => (x + 1) / 2,
    );
  });
});

describe("orthogonal", () => {
  it("scales by the gain, whose square is the weight variance", () => {
    const { weights } = initialiser({ init: "orthogonal", weightVariance: 2.5 }).draw(stream(2), {
      kernel: [],
      inputs: 20,
      outputs: 8,
    });
    expect(deviation(weights, 2.5)).toBeLessThan(1e-13);
  });

  it("flattens a convolution to [fan_in, outputs]", () => {
    const { weights, bias } = orthogonal().draw(stream(2), { kernel: [3, 3], inputs: 2, outputs: 40 });
    expect([weights.rows, weights.cols]).toEqual([18, 40]);
    expect(deviation(transpose(weights))).toBeLessThan(1e-13);
    expect(bias).toEqual(new Float64Array(40));
  });
});

describe("delta-orthogonal", () => {
  it.each([
    [[3, 5], 7],
    [[3], 1],
    [[2, 4], 1],
    [[1], 0],
    [[], 0],
  ])("kernel %j is zero but for position %i", (kernel, centre) => {
    const { weights } = deltaOrthogonal({ gainSquared: 4 }).draw(stream(3), { kernel, inputs: 3, outputs: 6 });
    const tap = weights.data.slice(centre * 18, (centre + 1) * 18);
    expect(deviation(transpose({ rows: 3, cols: 6, data: tap }), 4)).toBeLessThan(1e-13);
    expect(weights.data.filter((w) => w !== 0)).toEqual(tap);
  });

  it("keeps the norm of every signal under periodic padding", () => {
    const length = 5;
    const { weights } = deltaOrthogonal().draw(stream(3), { kernel: [3], inputs: 2, outputs: 4 });
    const x = Array.from({ length: length * 2 }, (_, k) => (k * k) % 7);
    const patches = Array.from({ length }, (_, p) =>
      Array.from({ length: 6 }, (_, k) => x[(2 * (p - 1) + k + x.length) % x.length]),
    );
    const z = multiply({ rows: length, cols: 6, data: Float64Array.from(patches.flat()) }, weights);
    const energy = (values: ArrayLike<number>) => Array.from(values, square).reduce((a, b) => a + b, 0);
    expect(energy(z.data)).toBeCloseTo(energy(x), 11);
  });

  it("like-weights takes the mean variance of a weight", () => {
    const { bias } = initialiser({ init: "delta-orthogonal", weightVariance: 3000, bias: "like-weights" }).draw(stream(4), {
      kernel: [3],
      inputs: 2,
      outputs: 500,
    });
    expectMean(bias.map(square), 2);
  });
});
