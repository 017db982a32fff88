import { stream } from "@sonde/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { architectureSchema, drawWeights, graphShapes, readArchitecture, readGraph, runGraph } from "../src/index.js";

const conv = (name: string, channels: number, rest: object = {}) => ({ name, kind: "conv", channels, kernel: [3, 3], ...rest });

describe("an architecture file in graph form", () => {
  it("means what the list means that it is", () => {
    const { architecture, notes } = readArchitecture({
      name: "small",
      input: [8, 8, 3],
      layers: [
        { ...conv("stem", 8, { init: "orthogonal" }), activation: "relu" },
        conv("a", 8, { inputs: ["stem"], stride: 2 }),
        { name: "a2", kind: "relu" },
        conv("b", 8, { bias: "normal:0.1" }),
        conv("down", 8, { inputs: ["stem"], kernel: [1, 1], stride: 2 }),
        { name: "sum", kind: "add", inputs: ["down", "b"], factors: [1, 0.5] },
        { name: "left", kind: "norm", norm: "layer", gamma: 2, inputs: "sum" },
        { name: "right", kind: "Dropout", inputs: ["sum"] },
        { name: "both", kind: "concat", inputs: ["left", "right"] },
        { name: "pooled", kind: "GlobalAveragePooling2D" },
        { name: "fc", kind: "Dense", units: 4 },
      ],
      output: "fc",
    });
    const { architecture: list } = readArchitecture({
      name: "small",
      input: [8, 8, 3],
      layers: [
        conv("", 8, { init: "orthogonal", padding: "zero" }),
        { kind: "activation", activation: "relu" },
        {
          kind: "residual",
          body: [
            conv("", 8, { stride: 2, padding: "zero" }),
            { kind: "relu" },
            conv("", 8, { bias: "normal:0.1", padding: "zero" }),
          ],
          scale: 0.5,
          shortcut: [conv("", 8, { kernel: [1, 1], stride: 2, padding: "valid" })],
        },
        { kind: "concat", branches: [[{ kind: "norm", norm: "layer", epsilon: 1e-3, gamma: 2, beta: 0 }], []] },
        { kind: "pool", pool: "average", window: "global" },
        { kind: "dense", units: 4 },
      ],
    });
    expect(architecture).toEqual(list);
    expect(notes.join()).toMatch(/layers\[7\]: Dropout does nothing/);
  });

  const relu = { name: "r", kind: "relu" };
  it.each<[string, object, RegExp]>([
    ["an unknown input", { layers: [{ ...relu, inputs: ["q"] }] }, /^layers\[0\]\.inputs names "q", which is no layer before it/],
    [
      "a later layer",
      {
        layers: [
          { ...relu, inputs: ["s"] },
          { name: "s", kind: "relu" },
        ],
      },
      /no layer before it.*change the order/,
    ],
    ["two of a name", { layers: [{ ...relu, inputs: ["input"] }, relu] }, /^layers\[1\]\.name is "r", as that of a layer before/],
    ["an unknown kind", { layers: [{ ...relu, inputs: ["input"] }, { kind: "frob" }] }, /^layers\[1\]\.kind must be one of/],
    ["a wrong field", { layers: [{ kind: "dense", units: -1, inputs: "input" }] }, /^layers\[0\]\.units must be a whole number/],
    [
      "shapes that differ",
      {
        layers: [
          { name: "d", kind: "dense", units: 3 },
          { kind: "add", inputs: ["input", "d"] },
        ],
      },
      /^layers\[1\] \(add\) adds \[2\] to \[3\]/,
    ],
    [
      "factors that are none",
      { layers: [relu, { kind: "add", inputs: ["input", "r"], factors: [1] }] },
      /^layers\[1\]\.factors must be one number/,
    ],
    [
      "an activation of two",
      { layers: [relu, { kind: "tanh", inputs: ["input", "r"] }] },
      /\(tanh\) takes 2 inputs: only add, concat, multiply and attention/,
    ],
    [
      "a kind with what no terminal should get",
      { layers: [relu, { kind: "co\u0000cat", inputs: ["input", "r"] }] },
      /^layers\[1\] \(co\ufffdcat\) takes 2 inputs/,
    ],
    [
      "a key that is not known",
      { layers: [relu, { kind: "add", inputs: ["input", "r"], "fac\u0001": [1] }] },
      /^layers\[1\] has an unknown key "fac\ufffd": add takes/,
    ],
    ["an output that is none", { layers: [relu], output: "x" }, /output is "x", which is no layer/],
    [
      "a layer that leads nowhere",
      { layers: [relu, { name: "t", kind: "tanh", inputs: ["input"] }] },
      /layer "r" leads to no output/,
    ],
    [
      "ways that cross",
      {
        layers: [
          relu,
          { name: "t", kind: "tanh" },
          { name: "a", kind: "add", inputs: ["r", "t"] },
          { kind: "add", inputs: ["a", "t"] },
        ],
      },
      /sonde check, death, angles, vni and moments take any graph/,
    ],
    ["layers that are none", { layers: [3, { inputs: ["input"] }] }, /^layers\[0\] must be an object, got "3"/],
    ["an unknown field of the file", { layers: [relu], output: "r", depth: 3 }, /depth/],
    ["no input", { layers: [{ ...relu, inputs: ["input"] }], input: undefined }, /input is missing/],
  ])("%s is said in a sentence", (_name, value, why) => {
    const read = () => readArchitecture({ input: [2], ...value });
    expect(read).toThrow(why);
    expect(() => read()).toThrow(/^[^\n]+$/);
  });
});

const shapesOf = (value: Parameters<typeof readGraph>[0], points = 2) =>
  Object.fromEntries(graphShapes(readGraph(value, { points }).graph).map(({ node, output }) => [node.name, output.slice(1)]));
const passesSchema = new Ajv2020({ strictTypes: false }).compile(architectureSchema);

describe("a graph that is no list", () => {
  it("is computed as it is written", () => {
    const layers = [
      { name: "r", kind: "relu" },
      { name: "t", kind: "tanh", inputs: "input" },
      { name: "a", kind: "add", inputs: ["r", "t"], factors: [2, -1] },
      { name: "m", kind: "multiply", inputs: ["a", "t"] },
      { name: "c", kind: "concat", inputs: ["m", "a", "input"] },
      { kind: "scale", factor: 3 },
    ];
    const { graph, given } = readGraph({ input: [2], layers });
    const x = [-0.5, 2];
    const { "layers[5]": y } = runGraph(graph, given, { input: { shape: [1, 2], data: Float64Array.from(x) } });
    const a = x.map((value) => 2 * Math.max(0, value) - Math.tanh(value));
    const expected = [...a.map((value, k) => value * Math.tanh(x[k])), ...a, ...x].map((value) => 3 * value);
    for (const [k, value] of expected.entries()) expect(y.data[k]).toBeCloseTo(value, 14);
  });

  it("draws every layer as it says, whatever the number of points", () => {
    const layers = [
      { name: "a", kind: "dense", units: 50, init: "orthogonal" },
      { name: "b", kind: "dense", units: 50, inputs: ["input"], bias: "normal:4" },
      { name: "n", kind: "norm", norm: "layer", gamma: 3, inputs: ["a"] },
      { name: "s", kind: "add", inputs: ["n", "b"] },
      { kind: "multiply", inputs: ["s", "n"] },
    ];
    const { graph, init, given } = readGraph({ input: 50, layers }, { points: 3 });
    expect(graph.inputs[0].shape).toEqual([3, 50]);
    const weights = drawWeights(graph, stream(1), { init, given });
    const w = weights("a").weight?.values() ?? [];
    // Rows of an orthogonal matrix, times the gain of he-normal.
    const row = (k: number) => Array.from({ length: 50 }, (_, j) => w[k * 50 + j]);
    const dot = (p: number[], q: number[]) => p.reduce((sum, value, j) => sum + value * q[j], 0);
    expect(dot(row(0), row(1))).toBeCloseTo(0, 10);
    const bias = weights("b").bias?.values() ?? [];
    expect(dot([...bias], [...bias]) / 50).toBeGreaterThan(1);
    expect(weights("n/scale").value?.values()[7]).toBe(3);
  });

  it("has kinds that lists do not have, in Sonde's words and those of PyTorch", () => {
    const encoder = {
      input: [6, 16],
      layers: [
        { name: "n1", kind: "norm", norm: "layer", axis: -1 },
        { name: "att", kind: "attention", heads: 4, mask: "causal", init: "glorot-uniform" },
        { name: "r1", kind: "add", inputs: ["input", "att"] },
        { name: "up", kind: "dense", units: 32 },
        { kind: "activation", activation: "gelu" },
        { name: "down", kind: "dense", units: 16 },
        { name: "r2", kind: "add", inputs: ["r1", "down"] },
        { name: "cross", kind: "attention", heads: 2, inputs: ["r2", "n1"] },
        { name: "rnn", kind: "recurrent", cell: "lstm", units: 5, direction: "both" },
        { name: "pooled", kind: "mean", axes: [0] },
      ],
    };
    expect(passesSchema(encoder), JSON.stringify(passesSchema.errors?.slice(0, 2))).toBe(true);
    const shapes = shapesOf(encoder);
    expect([shapes.att, shapes.up, shapes.cross, shapes.rnn, shapes.pooled]).toEqual([[6, 16], [6, 32], [6, 16], [6, 10], [10]]);
    const images = {
      input: [16, 16, 4],
      layers: [
        { name: "dw", kind: "conv", channels: 4, kernel: [3, 3], groups: 4 },
        { name: "stem", kind: "Conv2d", out_channels: 8, kernel_size: 7, stride: 2, padding: 3, groups: 2 },
        { name: "mp", kind: "MaxPool2d", kernel_size: 3, stride: 2, padding: 1 },
        { name: "gn", kind: "norm", norm: "group", groups: 4 },
        { name: "up", kind: "upsample", scale: 2 },
        { name: "ct", kind: "conv-transpose", channels: 3, kernel: [2, 2], strides: [2, 2] },
        { name: "tr", kind: "transpose", order: [2, 0, 1] },
        { name: "rs", kind: "reshape", shape: [256, 3] },
        { name: "dil", kind: "conv", channels: 2, kernel: [3], dilations: [2], pads: "valid" },
      ],
    };
    const all = shapesOf(images);
    expect(all).toMatchObject({
      dw: [16, 16, 4],
      stem: [8, 8, 8],
      mp: [4, 4, 8],
      gn: [4, 4, 8],
      up: [8, 8, 8],
      ct: [16, 16, 3],
      tr: [3, 16, 16],
      rs: [256, 3],
      dil: [252, 2],
    });
    expect(passesSchema({ ...images, layers: images.layers.filter(({ kind }) => !/2d/.test(kind)) })).toBe(true);
    expect(passesSchema({ input: [2], layers: [{ kind: "attention", heads: 1, head: 2 }] })).toBe(false);
  });

  it.each<[object, RegExp]>([
    [{ kind: "attention", heads: 3 }, /layer "x" \(attention\): 4 units do not fall into 3 heads/],
    [{ kind: "attention", head: 2 }, /layers\[0\]\.heads is missing/],
    [{ kind: "conv", channels: 2, kernel: [3], groups: 3 }, /layer "x" \(conv\): 3 groups need channels that they divide/],
    [{ kind: "conv", channels: 2, kernel: [3], pads: [1] }, /layers\[0\]\.pads must have 2 to 6 entries, got 1/],
    [{ kind: "pool", pool: "max", window: [3], strides: [0] }, /strides\[0\] must be a whole number from 1/],
    [{ kind: "norm", norm: "group" }, /needs groups/],
    [{ kind: "mean", axes: [0, 1] }, /leaves no axis of units/],
    [{ kind: "mean", axes: [2] }, /there is no axis 3/],
    [{ kind: "upsample", scale: 1e6 }, /more than \d+|beyond|has \[/],
    [{ kind: "recurrent", cell: "lstm", units: 1e6 }, /more than \d+ weights/],
    [{ kind: "transpose", order: [0, 0] }, /none of the axes/],
  ])("a wrong layer %j is said in a sentence", (layer, why) => {
    const read = () => readGraph({ input: [600, 4], layers: [{ name: "x", inputs: ["input"], ...layer }] });
    expect(read).toThrow(why);
    expect(() => read()).toThrow(/^[^\n]+$/);
  });
});
