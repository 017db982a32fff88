import { matrix, normals, stream } from "@sonde/core";
import { expect, test } from "vitest";
import { type Architecture, describe as describeArchitecture, forward, hiddenLayers, mlp, randomNetwork } from "../src/index.js";

const convolutional: Architecture = {
  name: "small",
  input: [8, 8, 1],
  layers: [
    { kind: "conv", channels: 4, kernel: [3, 3], padding: "periodic", init: "orthogonal", weightVariance: 2, bias: "normal:0.1" },
    { kind: "norm", norm: "batch" },
    { kind: "activation", activation: "relu" },
    {
      kind: "residual",
      body: [
        { kind: "activation", activation: "relu" },
        { kind: "conv", channels: 4, kernel: [3, 3] },
      ],
    },
    { kind: "pool", pool: "average", window: "global" },
    { kind: "dense", units: 2 },
  ],
};

test("a description lists every layer and lets repeated hidden layers share their lines", () => {
  expect(describeArchitecture(mlp("784-128x20-10"))).toBe(
    `
[784] -> [10], 20 hidden layers, 415498 parameters
layer  kind   output  parameters  initialisation
1      dense  [128]       100480  he-normal
       relu   [128]
2-20   dense  [128]        16512  he-normal
       relu   [128]
       dense  [10]          1290  he-normal`.trimStart(),
  );
});

test("a description shows what is inside blocks", () => {
  expect(describeArchitecture(convolutional)).toBe(
    `
small: [8, 8, 1] -> [2], 2 hidden layers, 198 parameters
layer  kind                 output     parameters  initialisation
1      conv 3x3 periodic    [8, 8, 4]          40  orthogonal, weight variance 2, bias normal:0.1
       batch norm           [8, 8, 4]
       relu                 [8, 8, 4]
2      residual             [8, 8, 4]         148
         relu               [8, 8, 4]
         conv 3x3 zero      [8, 8, 4]         148  he-normal
       average pool global  [4]
       dense                [2]                10  he-normal`.trimStart(),
  );
});

test("an embedding is not part of the first hidden layer", () => {
  expect(describeArchitecture(mlp("3-4x4-1", { skip: "residual" }))).toBe(
    `
[3] -> [1], 2 hidden layers, 97 parameters
layer  kind       output  parameters  initialisation
       embedding  [4]             12  normal, weight variance 1
1-2    residual   [4]             40
         relu     [4]
         dense    [4]             20  he-normal
         relu     [4]
         dense    [4]             20  he-normal
       dense      [1]              5  he-normal`.trimStart(),
  );
});

test("the deepest networks are described in a few lines", () => {
  expect(describeArchitecture(mlp("1-2x100000-1")).split("\n")).toHaveLength(7);
});

test("hidden layers are the activations and blocks at the top level", () => {
  expect(hiddenLayers(convolutional)).toEqual([
    { layer: 1, path: "layers[2]", shape: [8, 8, 4], units: 4, label: "relu" },
    { layer: 2, path: "layers[3]", shape: [8, 8, 4], units: 4, label: "residual" },
  ]);
});

test("observers see exactly the hidden layers, traces every layer in the order of evaluation", () => {
  const inputs = matrix(3, 64);
  normals(stream(0), inputs.data);
  const seen: object[] = [];
  const paths: string[] = [];
  forward(randomNetwork(convolutional, stream(1)), inputs, {
    observe: ({ layer, path, shape, units, label, activations }) => {
      expect(activations).toMatchObject({ rows: 3, cols: 256 });
      seen.push({ layer, path, shape, units, label });
    },
    trace: ({ path }) => paths.push(path),
  });
  expect(seen).toEqual(hiddenLayers(convolutional));
  expect(paths).toEqual([
    "layers[0]",
    "layers[1]",
    "layers[2]",
    "layers[3].body[0]",
    "layers[3].body[1]",
    "layers[3]",
    "layers[4]",
    "layers[5]",
  ]);
});

test("an activation after the last layer with weights is the output's, whatever lies between", () => {
  const dense = { kind: "dense", units: 3 } as const;
  const relu = { kind: "activation", activation: "relu" } as const;
  const count = (layers: Architecture["layers"]) => hiddenLayers({ input: [3], layers }).length;
  expect(count([dense, relu, dense, relu])).toBe(1);
  expect(count([dense, relu, dense, { kind: "norm", norm: "layer" }, relu, relu])).toBe(1);
  expect(count([dense, relu])).toBe(0);
  // Weights inside a block are weights; an activation without any before it and after it is hidden, as in what is left of a network.
  expect(count([relu, { kind: "residual", body: [relu, dense] }, relu])).toBe(2);
  expect(count([relu])).toBe(1);
});

test("a description names branches where several have layers, factors, scales and shifts", () => {
  const dense = { kind: "dense", units: 3 } as const;
  const text = describeArchitecture({
    input: [3],
    layers: [
      { kind: "residual", body: [dense, { kind: "norm", norm: "layer", gamma: 0, beta: 2 }], shortcut: [dense], scale: 0.5 },
      { kind: "concat", branches: [[dense], [], [dense]] },
      { kind: "softmax" },
    ],
  });
  expect(text.split("\n").slice(2)).toEqual([
    "1      residual scale 0.5           [3]             24",
    "        shortcut",
    "         dense                      [3]             12  he-normal",
    "        body",
    "         dense                      [3]             12  he-normal",
    "         layer norm gamma 0 beta 2  [3]",
    "2      concat                       [9]             24",
    "        branches[0]",
    "         dense                      [3]             12  he-normal",
    "        branches[2]",
    "         dense                      [3]             12  he-normal",
    "       softmax                      [9]",
  ]);
});
