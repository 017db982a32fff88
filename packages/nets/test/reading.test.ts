import { ConfigError, ShapeError } from "@sonde/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Layer, readArchitecture, validateArchitecture } from "../src/index.js";
import { architectures } from "./architectures.js";

const read = (input: unknown, ...layers: unknown[]) => readArchitecture({ input, layers });
const layersOf = (input: unknown, ...layers: unknown[]) => read(input, ...layers).architecture.layers;
const relu: Layer = { kind: "activation", activation: "relu" };

describe("files are understood", () => {
  it.each<[string, unknown, unknown[], Layer[]]>([
    [
      "a number as input, a dense layer with its activation",
      10,
      [{ kind: "dense", units: 2, activation: "relu" }],
      [{ kind: "dense", units: 2 }, relu],
    ],
    ["a linear activation is none", 10, [{ kind: "Dense", units: 2, activation: "linear" }], [{ kind: "dense", units: 2 }]],
    ["PyTorch's Linear", [4], [{ kind: "Linear", in_features: 4, out_features: 2, bias: true }], [{ kind: "dense", units: 2 }]],
    ["no bias", [4], [{ kind: "Linear", out_features: 2, bias: false }], [{ kind: "dense", units: 2, bias: "zeros" }]],
    [
      "Keras's initialisers",
      [4],
      [{ kind: "dense", units: 2, kernel_initializer: "he_normal", bias_initializer: "zeros", use_bias: true }],
      [{ kind: "dense", units: 2, init: "he-truncated-normal", bias: "zeros" }],
    ],
    ["a kernel of one number", [8, 2], [{ kind: "conv", channels: 3, kernel: 3 }], [{ kind: "conv", channels: 3, kernel: [3] }]],
    ["on images", [8, 8, 2], [{ kind: "conv", channels: 3, kernel: 3 }], [{ kind: "conv", channels: 3, kernel: [3, 3] }]],
    [
      "Keras's Conv2D",
      [8, 8, 2],
      [{ kind: "Conv2D", filters: 3, kernel_size: [3, 3], strides: [2, 2], padding: "same", activation: "relu" }],
      [{ kind: "conv", channels: 3, kernel: [3, 3], stride: 2, padding: "zero" }, relu],
    ],
    [
      "PyTorch's Conv1d",
      [8, 2],
      [{ kind: "Conv1d", in_channels: 2, out_channels: 3, kernel_size: 5, padding: 2, groups: 1, dilation: 1 }],
      [{ kind: "conv", channels: 3, kernel: [5], padding: "zero" }],
    ],
    [
      "a kind that is an activation",
      [4],
      [{ kind: "LeakyReLU", negative_slope: 0.2 }, { kind: "Swish" }],
      [
        { kind: "activation", activation: "leaky-relu:0.2" },
        { kind: "activation", activation: "silu" },
      ],
    ],
    [
      "softmax",
      [4],
      [
        { kind: "Softmax", dim: -1 },
        { kind: "activation", activation: "softmax" },
        { kind: "dense", units: 2, activation: "softmax" },
      ],
      [{ kind: "softmax" }, { kind: "softmax" }, { kind: "dense", units: 2 }, { kind: "softmax" }],
    ],
    [
      "norms, with the epsilon of their program",
      [4],
      [
        { kind: "BatchNorm1d", num_features: 4 },
        { kind: "batch_norm" },
        { kind: "BatchNormalization", momentum: 0.9, scale: true },
        { kind: "LayerNorm", eps: 0.1 },
        { kind: "norm", norm: "RMSNorm" },
      ],
      [
        { kind: "norm", norm: "batch", epsilon: 1e-5 },
        { kind: "norm", norm: "batch" },
        { kind: "norm", norm: "batch" },
        { kind: "norm", norm: "layer", epsilon: 0.1 },
        { kind: "norm", norm: "rms" },
      ],
    ],
    [
      "pooling",
      [8, 8, 2],
      [
        { kind: "MaxPool2d", kernel_size: 2, stride: 2 },
        { kind: "AveragePooling2D", pool_size: [2, 2] },
        { kind: "GlobalAveragePooling2D" },
      ],
      [
        { kind: "pool", pool: "max", window: 2 },
        { kind: "pool", pool: "average", window: 2 },
        { kind: "pool", pool: "average", window: "global" },
      ],
    ],
    [
      "blocks",
      [4],
      [{ kind: "concatenate", branches: [[{ kind: "Dropout", p: 0.5 }], [{ kind: "fc", units: 3, activation: "relu" }]] }],
      [{ kind: "concat", branches: [[], [{ kind: "dense", units: 3 }, relu]] }],
    ],
  ])("%s", (_, input, layers, expected) => {
    expect(layersOf(input, ...layers)).toEqual(expected);
  });

  it("and are told how, where it is not plain", () => {
    const dropouts = new Array(5).fill({ kind: "dropout", rate: 0.5 });
    expect(read([28, 28, 1], { type: "conv2d", filters: 2, kernel_size: 3 }, { kind: "maxpool" }, ...dropouts).notes).toEqual([
      'layers[0]: "type" is read as "kind"',
      'layers[0]: conv2d without padding has the padding "valid", as in PyTorch and Keras',
      "layers[1]: maxpool without a window has one of 2",
      "layers[2], layers[3], layers[4] and 2 more: dropout does nothing at initialisation and is left out",
    ]);
    expect(read([4], { kind: "dense", units: 3, activation: "relu" }).notes).toEqual([]);
  });

  it("Sonde's own words mean what they did", () => {
    fc.assert(
      fc.property(architectures, (architecture) => {
        const { architecture: found, notes } = readArchitecture(architecture);
        expect(notes).toEqual([]);
        // Parameters may be written out.
        const plain = JSON.stringify(found).replaceAll('"leaky-relu:0.01"', '"leaky-relu"');
        expect(JSON.parse(plain)).toEqual(JSON.parse(JSON.stringify(validateArchitecture(architecture))));
      }),
      { numRuns: 50 },
    );
  });
});

describe("what is wrong in a file", () => {
  it("is said together, with the paths of the file", () => {
    const wrong = [
      { kind: "dense", units: 3, activation: "relu" },
      { kind: "dense", units: 0, activation: "rleu" },
      { kind: "lstm", units: 2 },
      { kind: "dense", unit: 2, depth: 1 },
    ];
    expect(() => read([4], ...wrong)).toThrow(ConfigError);
    expect(() => read([4], ...wrong)).toThrow(
      /^6 things are wrong: layers\[1\]\.units must be a whole number from 1 to 1000000, got 0; layers\[1\]\.activation: unknown activation "rleu": .*; layers\[2\]\.kind must be one of .*, got "lstm"; layers\[3\]\.units is missing: add it; and 2 more$/,
    );
  });

  it("is said once where it is the same at several paths", () => {
    const layer = { kind: "dense", units: 3, activation: "rleu" };
    const thrice = [layer, { ...layer, units: 0 }, layer];
    expect(() => read([4], ...thrice)).toThrow(
      /^4 things are wrong: layers\[0\]\.activation, layers\[1\]\.activation, layers\[2\]\.activation: unknown activation "rleu": [^;]*; layers\[1\]\.units must be [^;]*$/,
    );
  });

  it.each([
    [
      [
        { kind: "dense", units: 3, activation: "relu" },
        { kind: "conv", channels: 2, kernel: [3] },
      ],
      "layers[1] (conv) has a 1-d kernel",
    ],
    [
      [{ kind: "dropout" }, { kind: "residual", body: [{ kind: "dropout" }, { kind: "dense", units: 0 }] }],
      "layers[1].body[1].units must be",
    ],
    [[{ kind: "dropout" }, { kind: "residual", body: [{ kind: "dense", units: 3 }] }], "layers[1] (residual) adds [3] to [4]"],
    [[{ kind: "Linear", in_features: 5, out_features: 2 }], "layers[0] (dense) is said to take 5 inputs but gets 4"],
    [[{ kind: "maxpool", window: 3, stride: 2 }], 'layers[0] has an unknown key "stride"'],
    [[{ kind: "conv2d", filters: 2, kernel_size: 3, padding: 2 }], "layers[0].padding must be one of"],
    [
      [{ kind: "conv2d", filters: 2, kernel_size: 3, strides: [1, 2] }],
      "layers[0].stride must be a whole number from 1 to 1000000, got a list",
    ],
    [[{ kind: "conv2d", filters: 2, kernel_size: 3, groups: 2 }], 'layers[0] has an unknown key "groups"'],
    [[{ units: 2 }], "layers[0].kind is missing: add it"],
    ["relu", 'layers must be a list, got "relu"'],
    [[7], "layers[0] must be an object, got 7"],
    [[{ kind: "activation", activation: 7 }], "layers[0].activation must be a string, got 7"],
    [[{ kind: "norm" }], "layers[0].norm is missing: add it"],
  ])("%j", (layers, message) => {
    expect(() => readArchitecture({ input: [4], layers })).toThrow(message);
  });

  it("names what does not fit a ShapeError", () => {
    expect(() => read([4], { kind: "dropout" }, { kind: "pool", pool: "max", window: 2 })).toThrow(ShapeError);
  });
});
