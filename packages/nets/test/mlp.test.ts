import { ConfigError } from "@sonde/core";
import { expect, test } from "vitest";
import { architectureWarnings, hiddenLayers, inferShapes, mlp, parameterCount, validateArchitecture } from "../src/index.js";

const relu = { kind: "activation", activation: "relu" };

test("every hidden layer is dense, then norm, then activation, and the output is linear", () => {
  expect(mlp("3-2-1")).toEqual({ input: [3], layers: [{ kind: "dense", units: 2 }, relu, { kind: "dense", units: 1 }] });
  expect(
    mlp([3, 2, 1], { norm: "batch", activation: "tanh", init: "glorot-normal", weightVariance: 1.5, bias: "normal:0.1" }).layers,
  ).toEqual([
    { kind: "dense", units: 2, init: "glorot-normal", weightVariance: 1.5, bias: "normal:0.1" },
    { kind: "norm", norm: "batch" },
    { kind: "activation", activation: "tanh" },
    { kind: "dense", units: 1, init: "glorot-normal", weightVariance: 1.5, bias: "normal:0.1" },
  ]);
});

test("a notation and its widths give the same architecture", () => {
  expect(mlp("784-128x2-10")).toEqual(mlp([784, 128, 128, 10]));
});

test("residual hidden layers are grouped into pre-activation units", () => {
  const net = mlp("4-4x4-1", { skip: "residual", norm: "batch" });
  const norm = { kind: "norm", norm: "batch" };
  const dense = { kind: "dense", units: 4 };
  const unit = { kind: "residual", body: [norm, relu, dense, norm, relu, dense] };
  expect(net.layers).toEqual([unit, unit, { kind: "dense", units: 1 }]);
  expect(hiddenLayers(net).map(({ layer, path, label, units }) => [layer, path, label, units])).toEqual([
    [1, "layers[0]", "residual", 4],
    [2, "layers[1]", "residual", 4],
  ]);
  expect(hiddenLayers(mlp("4-4x4-1", { skip: "residual", block: 1 }))).toHaveLength(4);
  expect(architectureWarnings(net)).toEqual([]);
});

test("residual units of another width than the input imply an embedding, with a warning", () => {
  const net = mlp("784-128x2-10", { skip: "residual" });
  expect(net.layers[0]).toEqual({ kind: "embedding", units: 128, implied: true });
  expect(hiddenLayers(net)).toHaveLength(1);
  expect(architectureWarnings(net)).toEqual([
    "the input has 784 values and the residual units 128: a linear embedding (weight variance 1, no bias) comes first and is not counted as a layer",
  ]);
  expect(architectureWarnings(mlp("784-128x2-10", { embedding: true }))).toEqual([]);
  expect(mlp("784-128x2-10", { embedding: true }).layers[0]).toEqual({ kind: "embedding", units: 128 });
});

test("an embedding does not count towards the deepest network", () => {
  expect(hiddenLayers(mlp("3-1x100000-1", { skip: "residual" }))).toHaveLength(50_000);
});

test("dense skips append every layer's output to its input", () => {
  const net = mlp("3-2-5-1", { skip: "dense" });
  expect(inferShapes(net).map(({ output }) => output)).toEqual([[5], [10], [1]]);
  expect(inferShapes(net)[1].branches[1][0].weights).toEqual({ kernel: [], inputs: 5, outputs: 5 });
});

test("parameters are weights and biases, and the weights of an embedding", () => {
  expect(parameterCount(mlp("784-128x2-10"))).toBe(784 * 128 + 128 + 128 * 128 + 128 + 128 * 10 + 10);
  expect(parameterCount(mlp("3-4x2-1", { skip: "residual" }))).toBe(3 * 4 + 2 * (16 + 4) + 4 + 1);
});

test("every mlp is a valid architecture", () => {
  for (const skip of ["none", "residual", "dense"] as const)
    for (const norm of ["none", "batch", "layer", "rms"] as const) {
      const net = mlp("5-4x4-2", { skip, norm });
      expect(validateArchitecture(JSON.parse(JSON.stringify(net)))).toEqual(net);
    }
});

test("names are canonical", () => {
  expect(mlp("1-2-1", { activation: "leaky-relu" }).layers[1]).toEqual({ kind: "activation", activation: "leaky-relu:0.01" });
});

test.each<[string | number[], object, string]>([
  [
    "4-4x3-1",
    { skip: "residual" },
    "3 hidden layers cannot be grouped into residual units of 2: choose a depth that divides by 2",
  ],
  ["4-4x3-1", { skip: "residual", block: 0 }, "a block is a whole number of hidden layers from 1, got 0"],
  ["4-4-5-1", { skip: "residual" }, "layer 1 has 4 units and layer 2 has 5"],
  ["3-4x2-1", { skip: "residual", embedding: false }, "residual units of width 4 cannot take an input of size 3"],
  ["4-4x2-1", { block: 2 }, 'a block of 2 layers is for skip "residual", but skip is "none"'],
  ["4-1", { embedding: true }, "there is none: add one"],
  ["4-4-1", { norm: "bath" }, 'unknown norm "bath": did you mean "batch"?'],
  ["4-4-1", { skip: "res" }, 'unknown skip "res": choose one of none, residual, dense'],
  ["4-4-1", { activation: "rleu" }, '"rleu"'],
  ["4-4-1", { init: "foo" }, '"foo"'],
  ["4-4-1", { bias: "foo" }, '"foo"'],
  [[4], {}, "give at least two"],
  [[4, -1, 1], {}, "widths[1] must be a whole number from 1 to 1000000, got -1"],
  [[4, 2.5, 1], {}, "widths[1] must be a whole number"],
  [[1_000_000, 1_000_000, 1], {}, "layers[0] (dense) has more than 2147483648 weights"],
  ["100-500x100000-1", { skip: "dense" }, "more than 2147483648 weights"],
])("mlp(%j, %j) is refused", (widths, options, message) => {
  expect(() => mlp(widths, options)).toThrow(ConfigError);
  expect(() => mlp(widths, options)).toThrow(message);
});
