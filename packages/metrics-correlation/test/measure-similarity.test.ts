import { matrix, normals, stream } from "@sonde/core";
import { type Architecture, estimateOver, mlp } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import {
  type AnglesState,
  anglesRecord,
  anglesRequest,
  measureSimilarity,
  type SimilarityState,
  similarityLayers,
  similarityRequest,
} from "../src/index.js";

const data = matrix(7, 5, normals(stream(8), new Float64Array(35)));

describe("measureSimilarity", () => {
  it("finds an isometry to leave everything as it is: orthogonal linear layers", async () => {
    const architecture = mlp("5-5x3-1", { activation: "linear", init: "orthogonal", weightVariance: 1 });
    const { layers, networks } = await measureSimilarity(architecture, { data, networks: 5 });
    expect(networks).toBe(5);
    for (const { ckaWithInputs, ckaWithPrevious, gramRank, averageCosine } of layers) {
      expect(ckaWithInputs.value).toBeCloseTo(1, 12);
      expect(ckaWithPrevious.value).toBeCloseTo(1, 12);
      expect(gramRank.value).toBe(5);
      expect(averageCosine.standardError).toBeLessThan(1e-12);
    }
  });

  it("finds the rank that narrow linear layers leave", async () => {
    const { layers } = await measureSimilarity(mlp("5-4-3-6-1", { activation: "linear" }), { data, networks: 20 });
    expect(layers.map(({ gramRank }) => gramRank.value)).toEqual([4, 3, 3]);
  });

  it("approaches the infinitely wide layer: orthogonal inputs have cosine 1/pi", async () => {
    const orthogonal = matrix(2, 2, Float64Array.of(1, 0, 0, 1));
    const { layers } = await measureSimilarity(mlp("2-2000-1"), { data: orthogonal, networks: 400, seed: 1 });
    const { value, standardError } = layers[0].averageCosine;
    // At width n the mean is off by O(1/n).
    expect(Math.abs(value - 1 / Math.PI)).toBeLessThan(4.5 * standardError + 2 / 2000);
  });

  it.each<[string, Architecture]>([
    ["ReLU", mlp("5-10x4-1")],
    ["tanh with bias", mlp("5-8x3-1", { activation: "tanh", bias: "normal:0.2" })],
  ])("agrees between explicit weights and the draw in law: %s", async (_name, architecture) => {
    const options = { data, networks: 800, debiased: true };
    const [a, b] = [
      await measureSimilarity(architecture, { ...options, method: "law", seed: 1 }),
      await measureSimilarity(architecture, { ...options, method: "weights", seed: 2 }),
    ];
    expect([a.method, b.method]).toEqual(["law", "weights"]);
    a.layers.forEach((layer, l) => {
      for (const key of ["averageCosine", "gramRank", "ckaWithInputs", "ckaWithPrevious", "zeroPoints"] as const) {
        const [x, y] = [layer[key], b.layers[l][key]];
        expect(Math.abs(x.value - y.value)).toBeLessThanOrEqual(4.5 * Math.hypot(x.standardError, y.standardError));
      }
    });
  });

  it("shares one pass with the angles, and agrees with them where nothing is degenerate", async () => {
    const architecture = mlp("5-30x3-1");
    const requests = [anglesRequest(architecture, data), similarityRequest(architecture, data)];
    const { states, networks } = await estimateOver(architecture, data, requests, { networks: 50 });
    const run = { networks, method: "law", executor: "law", interrupted: false } as const;
    const angles = anglesRecord(states[0] as AnglesState, run).layers;
    similarityLayers(states[1] as SimilarityState).forEach(({ averageCosine }, l) => {
      expect(averageCosine.value).toBeCloseTo(angles[l].cosine.value, 12);
      expect(averageCosine.standardError).toBeCloseTo(angles[l].cosine.standardError, 12);
    });
  });

  it("counts zero points, and has no value where nothing is left", async () => {
    const points = matrix(4, 2, Float64Array.of(0, 0, 1, 0, 2, 0, 3, 0));
    const { layers } = await measureSimilarity(mlp("2-1x2-1"), { data: points, networks: 400 });
    // Three points on a ray die together with probability 1/2.
    expect(Math.abs(layers[0].zeroPoints.value - (0.25 + 0.75 * 0.5))).toBeLessThan(4.5 * 0.375 * Math.sqrt(1 / 400));
    expect(layers[0].averageCosine).toMatchObject({ value: 1, standardError: 0 });
    expect(layers[0].averageCosine.networks).toBeLessThan(400);
    expect(layers[0].ckaWithInputs.value).toBeCloseTo(1, 12);
  });

  it("refuses what makes no sense", async () => {
    const measure = (points: number, options: object) =>
      measureSimilarity(mlp("2-3-1"), { data: matrix(points, 2), networks: 2, ...options });
    await expect(measure(1, {})).rejects.toThrow("similarity needs at least 2 points, got 1");
    await expect(measure(3, { debiased: true })).rejects.toThrow("without bias needs at least 4 points, got 3");
    await expect(measure(3, { tolerance: -1 })).rejects.toThrow("from 0 to below 1, got -1");
  });
});
