import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type Matrix, matrix, matrixFromRows, multiply, normals, stream, symmetricEigenvalues, transpose } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { beforeAll, describe, expect, it } from "vitest";
import { gaussianProcessPosterior, infiniteWidthKernel, type RegressionKernels, trainedPosterior } from "../src/index.js";

interface Digits {
  readonly accuracy: number;
  readonly predictions: string;
  readonly first: readonly number[];
}

const digits: Record<"nngp" | "ntk", Digits> = JSON.parse(
  readFileSync(new URL("./fixtures/digits.json", import.meta.url), "utf8"),
);

describe("regression on 1000 digits", () => {
  let kernels: Awaited<ReturnType<typeof infiniteWidthKernel>>;
  let labels: number[];
  beforeAll(async () => {
    const file = gunzipSync(readFileSync(new URL("../../formats/data/digits.csv.gz", import.meta.url))).toString();
    const rows = file
      .trim()
      .split("\n")
      .map((line) => line.split(",").map(Number));
    labels = rows.map((row) => row[64]);
    const points = matrixFromRows(rows.map((row) => row.slice(0, 64).map((pixel) => pixel / 16)));
    kernels = await infiniteWidthKernel(mlp("64-8x3-10", { weightVariance: 2, bias: "normal:0.1" }), points);
  });

  it.each(["nngp", "ntk"] as const)("predicts with the %s what NumPy predicts, to the last of 797", (name) => {
    const kernel = kernels[name] as Matrix;
    const part = (first: number, last: number) =>
      matrixFromRows(
        Array.from({ length: last - first }, (_, i) => kernel.data.slice((first + i) * 1797, (first + i) * 1797 + 1000)),
      );
    const targets = matrix(1000, 10);
    for (let i = 0; i < 1000; i++) for (let c = 0; c < 10; c++) targets.data[i * 10 + c] = (labels[i] === c ? 1 : 0) - 0.1;
    const { mean } = gaussianProcessPosterior({ train: part(0, 1000), cross: part(1000, 1797) }, targets, { noise: 1e-3 });
    const predictions = Array.from({ length: 797 }, (_, i) => {
      const scores = Array.from(mean.data.slice(i * 10, i * 10 + 10));
      return scores.indexOf(Math.max(...scores));
    });
    expect(predictions.join("")).toBe(digits[name].predictions);
    digits[name].first.forEach((score, c) => {
      expect(Math.abs(mean.data[c] - score)).toBeLessThan(1e-9);
    });
    const accuracy = predictions.filter((digit, i) => digit === labels[1000 + i]).length / 797;
    expect(accuracy).toBe(digits[name].accuracy);
  });
});

describe("posteriors", () => {
  const [n, m] = [40, 7];
  let nngp: Required<RegressionKernels>;
  let ntk: RegressionKernels;
  const targets = matrix(n, 2);
  normals(stream(3), targets.data);
  beforeAll(async () => {
    const net = mlp("5-8x2-1", { bias: "normal:0.2" });
    const [train, test] = [matrix(n, 5), matrix(m, 5)];
    normals(stream(1), train.data);
    normals(stream(2), test.data);
    const xx = await infiniteWidthKernel(net, train);
    const tx = await infiniteWidthKernel(net, test, { others: train });
    const tt = await infiniteWidthKernel(net, test);
    nngp = { train: xx.nngp, cross: tx.nngp, test: tt.nngp };
    ntk = { train: xx.ntk as Matrix, cross: tx.ntk as Matrix };
  });

  it("interpolate the targets without noise, and have no variance there", () => {
    const { mean, covariance } = gaussianProcessPosterior({ ...nngp, cross: nngp.train, test: nngp.train }, targets);
    expect(largest(mean, targets)).toBeLessThan(1e-10);
    expect(Math.max(...(covariance as Matrix).data.map(Math.abs))).toBeLessThan(1e-10);
  });

  it("have a symmetric, positive semi-definite covariance below the prior's", () => {
    for (const { covariance } of [
      gaussianProcessPosterior(nngp, targets, { noise: 0.01 }),
      trainedPosterior(ntk, targets, { nngp }),
    ]) {
      expect(covariance).toBeDefined();
      const found = covariance as Matrix<Float64Array>;
      expect(largest(found, transpose(found))).toBe(0);
      expect(symmetricEigenvalues(found)[m - 1]).toBeGreaterThan(-1e-10);
    }
    const { covariance } = gaussianProcessPosterior(nngp, targets);
    for (let i = 0; i < m; i++) expect((covariance as Matrix).data[i * (m + 1)]).toBeLessThan(nngp.test.data[i * (m + 1)]);
  });

  it("of training begin at the prior, and end where Cholesky factors say", () => {
    const start = trainedPosterior(ntk, targets, { time: 1e-12, nngp });
    expect(Math.max(...start.mean.data.map(Math.abs))).toBeLessThan(1e-9);
    expect(largest(start.covariance as Matrix, nngp.test)).toBeLessThan(1e-9);
    const end = trainedPosterior(ntk, targets, { nngp });
    const late = trainedPosterior(ntk, targets, { time: 1e7, nngp });
    expect(largest(late.mean, end.mean)).toBeLessThan(1e-10);
    expect(largest(late.covariance as Matrix, end.covariance as Matrix)).toBeLessThan(1e-10);
    // With the NNGP itself as tangent kernel, training all layers to the end is Gaussian process regression.
    const same = trainedPosterior(nngp, targets, { nngp });
    const process = gaussianProcessPosterior(nngp, targets);
    expect(largest(same.mean, process.mean)).toBeLessThan(1e-10);
    expect(largest(same.covariance as Matrix, process.covariance as Matrix)).toBeLessThan(1e-10);
  });

  it("of training follow gradient flow: small Euler steps on the outputs lead to the same mean", () => {
    const [time, steps] = [3, 30_000];
    const all = matrix(n + m, n, Float64Array.of(...ntk.train.data, ...ntk.cross.data));
    let outputs = matrix(n + m, 2);
    for (let k = 0; k < 2; k++) {
      // Richardson: twice as many steps take the first order of the error away.
      const count = steps * (k + 1);
      let f = matrix(n + m, 2);
      for (let s = 0; s < count / 100; s++) {
        const residual = matrix(
          n,
          2,
          targets.data.map((y, e) => y - f.data[e]),
        );
        const change = multiply(all, residual);
        f = matrix(
          n + m,
          2,
          f.data.map((value, e) => value + (change.data[e] * time) / (n * (count / 100))),
        );
      }
      outputs =
        k === 0
          ? f
          : matrix(
              n + m,
              2,
              f.data.map((value, e) => 2 * value - outputs.data[e]),
            );
    }
    const { mean } = trainedPosterior(ntk, targets, { time });
    const euler = matrix(m, 2, outputs.data.slice(2 * n));
    expect(largest(mean, euler)).toBeLessThan(1e-4 * Math.max(...mean.data.map(Math.abs)));
  });

  it("name the point at which a kernel is singular, and the noise that mends it", () => {
    const train = matrixFromRows([
      [1, 1, 0],
      [1, 1, 0],
      [0, 0, 1],
    ]);
    const ask = (noise?: number) => gaussianProcessPosterior({ train, cross: train }, matrix(3, 1), { noise });
    expect(() => ask()).toThrow(
      /singular to rounding at point 2, .*: leave out repeated points, or give a noise variance of at least/,
    );
    expect(() => ask(1e-12)).not.toThrow();
    expect(
      trainedPosterior({ train, cross: train }, matrix(3, 1, Float64Array.of(1, 1, 2)), { time: 1e9 }).mean.data[1],
    ).toBeCloseTo(1, 12);
  });

  it("refuse sizes, noise and times that make no sense", () => {
    const one = matrix(1, 1, Float64Array.of(1));
    expect(() => gaussianProcessPosterior({ train: one, cross: one }, matrix(2, 1))).toThrow(
      "with 2 targets and 1 test points the kernel between training points is 2 x 2, got 1 x 1",
    );
    expect(() => gaussianProcessPosterior({ train: one, cross: one }, one, { noise: -1 })).toThrow(
      "the noise of targets has a finite variance >= 0, got -1",
    );
    expect(() => trainedPosterior({ train: one, cross: one }, one, { time: 0 })).toThrow(
      "the time of training is a number above 0, got 0",
    );
  });
});

function largest(a: Matrix, b: Matrix): number {
  let most = 0;
  for (let k = 0; k < a.data.length; k++) most = Math.max(most, Math.abs(a.data[k] - b.data[k]));
  return most;
}
