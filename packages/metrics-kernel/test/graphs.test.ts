import { matrix, normals, split, stream } from "@sonde/core";
import { infiniteWidthKernel } from "@sonde/infinite-width";
import { drawWeights, readArchitecture, readGraph, runGraph } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { measureKernel } from "../src/index.js";

/** Two blocks, one with a projection, written as a graph; of the given width. */
const graphOf = (width: number) => ({
  input: [5],
  layers: [
    { name: "in", kind: "dense", units: width, activation: "relu" },
    { name: "a", kind: "dense", units: width, activation: "relu" },
    { name: "b", kind: "dense", units: 2 * width },
    { name: "down", kind: "dense", units: 2 * width, inputs: ["in"] },
    { name: "sum", kind: "add", inputs: ["down", "b"], factors: [1, 0.5] },
    { name: "c", kind: "dense", units: 2 * width, activation: "relu", bias: "normal:0.1" },
    { name: "end", kind: "add", inputs: ["sum", "c"] },
    { name: "out", kind: "dense", units: 64 },
  ],
});

const points = matrix(3, 5, normals(stream(2), new Float64Array(15)));

/** The kernel of the output by the plain executor of graphs: mean and standard error over networks of one draw each. */
function byGraphs(width: number, networks: number): { mean: Float64Array; error: Float64Array } {
  const { graph, init, given } = readGraph(graphOf(width), { points: 3 });
  const [sum, squares] = [new Float64Array(9), new Float64Array(9)];
  for (let k = 0; k < networks; k++) {
    const weights = drawWeights(graph, split(stream(11), k), { init, given });
    const { out } = runGraph(graph, weights, { input: { shape: [3, 5], data: points.data } });
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) {
        let own = 0;
        for (let u = 0; u < 64; u++) own += (out.data[64 * i + u] * out.data[64 * j + u]) / 64;
        sum[3 * i + j] += own;
        squares[3 * i + j] += own * own;
      }
  }
  const mean = sum.map((value) => value / networks);
  return { mean, error: squares.map((value, k) => Math.sqrt((value / networks - mean[k] ** 2) / (networks - 1))) };
}

/** The entries of two kernels apart, in standard errors of both. */
const largestZ = (a: ArrayLike<number>, ea: ArrayLike<number>, b: ArrayLike<number>, eb: ArrayLike<number> | undefined) =>
  Math.max(...Array.from(a, (value, k) => Math.abs(value - b[k]) / Math.hypot(ea[k], eb?.[k] ?? 0)));

describe("a graph with a projection at its shortcut", () => {
  it("has by the law of its list the kernel that plain draws of the graph have, at a small width", async () => {
    const { architecture } = readArchitecture(graphOf(8));
    const law = await measureKernel(architecture, points, { networks: 3000, method: "law", seed: 4 });
    expect(law.method).toBe("law");
    const plain = byGraphs(8, 1200);
    // 4.5 standard errors: six entries.
    expect(largestZ(law.nngp.data, law.standardError.data, plain.mean, plain.error)).toBeLessThan(4.5);
  });

  it("has the kernel of infinite width where it is wide", async () => {
    const { architecture } = readArchitecture(graphOf(256));
    const expected = await infiniteWidthKernel(architecture, points);
    const law = await measureKernel(architecture, points, { networks: 400, method: "law", seed: 5 });
    expect(largestZ(law.nngp.data, law.standardError.data, expected.nngp.data, undefined)).toBeLessThan(4.5);
  });
});
