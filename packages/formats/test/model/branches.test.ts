import { readFileSync } from "node:fs";
import { stream } from "@sonde/core";
import { runGraph } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { gaussianPoints, type ModelFile, modelGraph, modelLayers, parseModel } from "../../src/index.js";

const foreign = (name: string) =>
  parseModel(new Uint8Array(readFileSync(new URL(`../fixtures/foreign/${name}`, import.meta.url))));

/** The values of a tensor of the file. */
function values({ tensors }: ModelFile, name: string): number[] {
  return Array.from(tensors.find((tensor) => tensor.name === name)?.values() ?? [], Number);
}

/** A row times rows of weights, plus a bias: by hand, beside what is under test. */
function dense(model: ModelFile, name: string, row: readonly number[]): number[] {
  const weight = values(model, `${name}.weight`);
  return values(model, `${name}.bias`).map((bias, unit) =>
    row.reduce((sum, x, k) => sum + x * weight[unit * row.length + k], bias),
  );
}

describe("an If whose condition is known before it runs", () => {
  it("is the branch that it takes, with names of its own where two branches have the same", async () => {
    const model = await foreign("known.onnx");
    expect(model.nodes?.map(({ operator, outputs, inner }) => [operator, outputs[0], ...(inner ?? [])])).toEqual([
      ["Gemm", "pre0"],
      ["Relu", "h0"],
      ["Gemm", "If_h1/t", "If_h1/t"],
      ["Relu", "h1"],
      ["Gemm", "If_h2/t", "If_h2/t"],
      ["Relu", "h2"],
      ["Gemm", "y"],
    ]);
    expect(modelLayers(model).map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      "dense fc0",
      "activation Relu_h0",
      "dense If_h1/Gemm_t",
      "activation If_h1/Relu_out",
      "dense If_h2/Gemm_t",
      "activation If_h2/Relu_out",
      "dense head",
    ]);
    expect(model.notes).toEqual([
      'the branches that the If operators "If_h1", "If_h2" take are known before they run, and stand in their places',
    ]);
  });

  it("computes what the branch does", async () => {
    const model = await foreign("known.onnx");
    const { graph, weights } = modelGraph(model, { points: 3 });
    const { data } = gaussianPoints(stream(1), 3, 8);
    const { y } = runGraph(graph, weights, { x: { shape: [3, 8], data } });
    const relu = (row: readonly number[]) => row.map((x) => Math.max(0, x));
    for (let p = 0; p < 3; p++) {
      const row = Array.from(data.subarray(8 * p, 8 * p + 8));
      const last = ["fc0", "If_h1/own", "If_h2/own"].reduce((hidden, name) => relu(dense(model, name, hidden)), row);
      const expected = dense(model, "head", last);
      for (const [k, value] of expected.entries()) expect(y.data[4 * p + k]).toBeCloseTo(value, 12);
    }
  });

  it("that depends on the number of points is known once that is", async () => {
    const model = await foreign("sized.onnx");
    expect(model.nodes?.map(({ operator }) => operator)).toEqual(["If", "Relu"]);
    expect(model.notes).toEqual([]);
    const row = Float64Array.of(1, -2, 3, -4, 5, -6, 7, -8);
    for (const points of [2, 3]) {
      const { graph, weights } = modelGraph(model, { points });
      const data = Float64Array.from({ length: 8 * points }, (_, k) => row[k % 8]);
      const { y } = runGraph(graph, weights, { x: { shape: [points, 8], data } });
      expect(Array.from(y.data.subarray(0, 8))).toEqual(Array.from(row, (x) => Math.max(0, points === 2 ? -x : x)));
    }
  });
});
