import { ConfigError, matrix, multiply, normals, ShapeError, stream } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { initialiser, lsuv, orthogonal } from "../src/index.js";
import { square } from "./statistics.js";

function gaussian(rows: number, cols: number, scale = 1) {
  const m = matrix(rows, cols);
  normals(stream(99), m.data);
  return matrix(
    rows,
    cols,
    m.data.map((x, k) => scale * (x + (k % cols))),
  );
}

function variance(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, z) => sum + square(z - mean), 0) / values.length;
}

const dense = { kernel: [], inputs: 12, outputs: 5 };

describe("lsuv", () => {
  it.each([
    ["dense, narrowing", dense],
    ["dense, widening", { kernel: [], inputs: 12, outputs: 30 }],
    ["conv", { kernel: [2, 3], inputs: 2, outputs: 7 }],
  ])("gives the pre-activations variance 1 (%s)", (_, shape) => {
    const layerInput = gaussian(60, 12, 3);
    const { weights } = lsuv().draw(stream(1), shape, { layerInput, positions: 6 });
    expect(variance(multiply(layerInput, weights).data)).toBeCloseTo(1, 12);
  });

  it("keeps the directions of the orthogonal start", () => {
    const { weights } = lsuv().draw(stream(1), dense, { layerInput: gaussian(60, 12) });
    const start = orthogonal().draw(stream(1), dense).weights.data;
    const ratio = weights.data[0] / start[0];
    expect(ratio).toBeGreaterThan(0);
    for (let k = 0; k < start.length; k++) expect(weights.data[k]).toBeCloseTo(ratio * start[k], 14);
  });

  it("scales inputs whose squares underflow", () => {
    const layerInput = gaussian(60, 12, 1e-200);
    const { weights } = lsuv().draw(stream(1), dense, { layerInput });
    expect(variance(multiply(layerInput, weights).data)).toBeCloseTo(1, 12);
  });

  it("stays orthogonal where the pre-activations do not vary", () => {
    const start = orthogonal().draw(stream(1), dense).weights;
    expect(lsuv().draw(stream(1), dense, { layerInput: matrix(4, 12) }).weights).toEqual(start);
    const same = matrix(7, 12, new Float64Array(84).fill(0.3));
    const unit = { kernel: [], inputs: 12, outputs: 1 };
    expect(lsuv().draw(stream(1), unit, { layerInput: same }).weights).toEqual(orthogonal().draw(stream(1), unit).weights);
  });

  it("draws like-weights biases with the variance of the scaled weights", () => {
    const layerInput = gaussian(60, 12, 7);
    const { weights, bias } = initialiser({ init: "lsuv", bias: "like-weights" }).draw(stream(1), dense, { layerInput });
    const plain = initialiser({ init: "orthogonal", bias: "like-weights" }).draw(stream(1), dense);
    expect(bias[2] / plain.bias[2]).toBeCloseTo(weights.data[3] / plain.weights.data[3], 12);
  });

  it("asks for the layer's input, with fan_in columns", () => {
    expect(() => lsuv().draw(stream(1), dense)).toThrow(
      new ConfigError('"lsuv" looks at the data: pass the layer\'s input, [points * positions, fan_in], as context.layerInput'),
    );
    expect(() => lsuv().draw(stream(1), dense, { layerInput: matrix(4, 3) })).toThrow(
      new ShapeError('"lsuv" needs a layer input with 12 columns (fan_in), got 4 x 3'),
    );
  });
});
