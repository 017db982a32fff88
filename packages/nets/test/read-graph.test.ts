import { describe, expect, it } from "vitest";
import { readArchitecture } from "../src/index.js";

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
      /\(tanh\) takes 2 inputs: only add and concat/,
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
      /sonde check runs any graph from a model file/,
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
