import { normals, stream } from "@sonde/core";
import { graphShapes, permuted, runGraph, type Tensor } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { type ModelFile, modelGraph, modelLayers, recogniseInitialiser, redrawing } from "../../src/index.js";
import { readModel } from "./models.js";

const suffixes: Readonly<Record<string, string>> = {
  ...{ weight: "weight", bias: "bias" },
  ...{ scale: "weight", shift: "bias", mean: "running_mean", variance: "running_var" },
};

/** The weights of a model alone, by the names of its modules, as safetensors hold them: sorted. Exporters keep tensors that are equal once. */
async function weightsOf(name: string, rename = (own: string) => own): Promise<ModelFile> {
  const model = await readModel(name);
  const byName = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  const tensors = modelLayers(model)
    .flatMap((layer) =>
      Object.entries(layer.weights).flatMap(([role, own]) => {
        const tensor = byName.get(own);
        return tensor && role in suffixes ? [{ ...tensor, name: rename(`${layer.name}.${suffixes[role]}`) }] : [];
      }),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...model, format: "safetensors", inputs: [], outputs: [], tensors, nodes: null, shapes: {}, notes: [] };
}

/** Outputs of the whole model, whose channels come first, and of its weights with an architecture, at the same points. */
async function both(name: string, weights: ModelFile, architecture: Readonly<Record<string, unknown>>) {
  const whole = modelGraph(await readModel(name), { points: 2 });
  const [{ name: input, shape }] = whole.graph.inputs;
  const x: Tensor = { shape, data: normals(stream(3), new Float64Array(shape.reduce((a, b) => a * b, 1))) };
  const [expected] = Object.values(runGraph(whole.graph, whole.weights, { [input]: x }));
  const own = modelGraph(weights, { points: 2, architecture });
  const [found] = Object.values(runGraph(own.graph, own.weights, { input: permuted(x, [0, 2, 3, 1]) }));
  return { expected, found, own };
}

const conv = (channels: number, more: object = {}) => ({ kind: "conv", channels, kernel: [3, 3], ...more });
const relu = { kind: "activation", activation: "relu" };
const lenet = [
  ...[conv(6), relu, { kind: "pool", pool: "max", window: 2 }],
  ...[conv(12, { padding: "valid" }), relu, { kind: "pool", pool: "max", window: 2 }, { kind: "flatten" }],
  ...[{ kind: "dense", units: 32 }, relu, { kind: "dense", units: 10 }],
];
const norm = { kind: "BatchNorm2d" };
const block = (name: string, from: string, channels: number, stride: number) => [
  { name: `${name}.conv1`, ...conv(channels, { strides: [stride, stride], pads: [1, 1, 1, 1] }), inputs: [from] },
  { name: `${name}.bn1`, ...norm },
  relu,
  { name: `${name}.conv2`, ...conv(channels) },
  { name: `${name}.bn2`, ...norm },
  ...(stride === 1
    ? []
    : [
        { name: `${name}.down.0`, kind: "conv", channels, kernel: [1, 1], strides: [2, 2], pads: "valid", inputs: [from] },
        { name: `${name}.down.1`, ...norm },
      ]),
  { name, kind: "add", inputs: [stride === 1 ? from : `${name}.down.1`, `${name}.bn2`] },
  { name: `${name}.relu2`, ...relu },
];
const resnet = {
  input: [8, 8, 1],
  layers: [
    ...[
      { name: "conv1", ...conv(8) },
      { name: "bn1", ...norm },
      { name: "relu", ...relu },
    ],
    ...block("layer1", "relu", 8, 1),
    ...block("layer2", "layer1.relu2", 16, 2),
    ...block("layer3", "layer2.relu2", 16, 2),
    { kind: "pool", pool: "average", window: "global" },
    { name: "fc", kind: "dense", units: 10 },
  ],
};

function close(found: Tensor, expected: Tensor): void {
  expect(found.shape).toEqual(expected.shape);
  const most = Math.max(...expected.data.map(Math.abs));
  for (const [k, value] of expected.data.entries()) expect(Math.abs(found.data[k] - value)).toBeLessThan(1e-12 * most);
}

describe("weights alone with the architecture that they are the weights of", () => {
  it("are the network that they were taken from, matched in order: a list", async () => {
    const { expected, found, own } = await both("lenet.onnx", await weightsOf("lenet.onnx"), { input: [8, 8, 1], layers: lenet });
    close(found, expected);
    expect(own.graph.nodes.map(({ module }) => module).filter(Boolean)).toEqual(["conv1", "conv2", "fc1", "fc2"]);
  });

  it("matched by name: a graph with batch norm by its running statistics, and projections", async () => {
    const { expected, found } = await both("resnet.onnx", await weightsOf("resnet.onnx"), resnet);
    close(found, expected);
  });

  it("numbers in names are numbers: the tenth comes after the second", async () => {
    const numbers: Record<string, string> = {
      conv1: "features.0",
      conv2: "features.10",
      fc1: "features.110",
      fc2: "features.200",
    };
    const weights = await weightsOf("lenet.onnx", (name) => name.replace(/^\w+/, (module) => numbers[module]));
    close(
      (await both("lenet.onnx", weights, { input: [8, 8, 1], layers: lenet })).found,
      (await both("lenet.onnx", weights, { input: [8, 8, 1], layers: lenet })).expected,
    );
  });

  it("a row of channels is turned where the point was an image", async () => {
    // Without the second pool a point is [2, 2, 12] before it is a row.
    const layers = lenet.filter((_, k) => k !== 5);
    const file = await weightsOf("lenet.onnx");
    const wide = Float32Array.from({ length: 32 * 48 }, (_, k) => Math.sin(k));
    const tensors = file.tensors.map((tensor) =>
      tensor.name === "fc1.weight"
        ? { ...tensor, shape: [32, 48], values: (start = 0, count = wide.length - start) => wide.slice(start, start + count) }
        : tensor,
    );
    const { graph, weights } = modelGraph({ ...file, tensors }, { points: 1, architecture: { input: [8, 8, 1], layers } });
    const fc1 = graphShapes(graph).find(({ node }) => node.module === "fc1");
    const values = weights(fc1?.node.name ?? "").weight?.values(48, 48) ?? [];
    // Unit 1: position (0, 1) of channel 5 is value 1 + 4 * 5 of the file's row and 12 + 5 of Sonde's.
    expect(values[12 + 5]).toBe(wide[48 + 1 + 4 * 5]);
    expect(weights(fc1?.node.name ?? "").weight?.values(48 + 17, 1)).toEqual(wide.slice(48 + 21, 48 + 22));
  });

  it("networks like it are drawn as its layers were", async () => {
    const weights = await weightsOf("resnet.onnx");
    const network = modelGraph(weights, { points: 1, architecture: resnet });
    const recognised = recogniseInitialiser(weights, modelLayers(weights));
    expect(redrawing(weights, network, recognised)).toMatchObject({ initialiser: "he-normal, pytorch", recognised: true });
  });

  it.each<[string, readonly object[], RegExp]>([
    ["another number of layers", lenet.slice(3), /it holds 2 convolutions, and the architecture has 1/],
    [
      "other channels",
      [conv(7), ...lenet.slice(1)],
      /"conv1.weight" is \[6, 1, 3, 3\], and layer "layers\[0\]" .* takes a kernel of \[3, 3, 1, 7\]/,
    ],
    [
      "another size",
      [...lenet.slice(0, 3), conv(12), ...lenet.slice(4)],
      /"fc1.weight" is \[32, 12\], and layer .* takes one of \[48, 32\]/,
    ],
    ["another norm", [conv(6), norm, ...lenet.slice(1)], /it holds 0 norms, and the architecture has 1/],
  ])("%s is refused with both", async (_name, layers, why) => {
    const weights = await weightsOf("lenet.onnx");
    expect(() => modelGraph(weights, { architecture: { input: [8, 8, 1], layers } })).toThrow(why);
  });
});

describe("weights by the names and shapes of torchvision", () => {
  const shaped = (shapes: Readonly<Record<string, readonly number[]>>): ModelFile => ({
    format: "pytorch",
    version: "",
    producer: null,
    inputs: [],
    outputs: [],
    tensors: Object.entries(shapes).map(([name, shape]) => ({
      name,
      shape,
      type: "float32",
      values: (start = 0, count = shape.reduce((a, b) => a * b, 1) - start) => new Float32Array(count),
    })),
    nodes: null,
    shapes: {},
    metadata: {},
    notes: [],
  });
  const normed = (name: string, channels: number) =>
    Object.fromEntries(["weight", "bias", "running_mean", "running_var"].map((role) => [`${name}.${role}`, [channels]]));
  const basic = (name: string, inputs: number, channels: number, projected: boolean) => ({
    [`${name}.conv1.weight`]: [channels, inputs, 3, 3],
    ...normed(`${name}.bn1`, channels),
    [`${name}.conv2.weight`]: [channels, channels, 3, 3],
    ...normed(`${name}.bn2`, channels),
    ...(projected && { [`${name}.downsample.0.weight`]: [channels, inputs, 1, 1], ...normed(`${name}.downsample.1`, channels) }),
  });
  const resnet10 = {
    "conv1.weight": [4, 3, 7, 7],
    ...normed("bn1", 4),
    ...basic("layer1.0", 4, 4, false),
    ...basic("layer2.0", 4, 8, true),
    ...basic("layer3.0", 8, 16, true),
    ...basic("layer4.0", 16, 32, true),
    "fc.weight": [5, 32],
    "fc.bias": [5],
  };
  const vgg = (after: number) => ({
    ...Object.fromEntries(
      [0, 3, 6, 9, 12].flatMap((at, k) => [
        [`features.${at}.weight`, [2 ** (k + 1), k === 0 ? 3 : 2 ** k, 3, 3]],
        [`features.${at}.bias`, [2 ** (k + 1)]],
      ]),
    ),
    ...{ "classifier.0.weight": [8, 32 * 49], "classifier.0.bias": [8], "classifier.3.weight": [8, 8], "classifier.3.bias": [8] },
    ...{ [`classifier.${after}.weight`]: [3, 8], [`classifier.${after}.bias`]: [3] },
  });

  it("are a ResNet, with its strides, pads and pools", () => {
    const { graph, notes } = modelGraph(shaped(resnet10));
    const shapes = new Map(graphShapes(graph).map(({ node, output }) => [node.name, output.slice(1)]));
    expect([...["conv1", "maxpool", "layer1.0", "layer2.0", "layer4.0.relu", "fc"].map((name) => shapes.get(name))]).toEqual([
      [112, 112, 4],
      [56, 56, 4],
      [56, 56, 4],
      [28, 28, 8],
      [7, 7, 32],
      [5],
    ]);
    expect(notes.join()).toMatch(/it is a ResNet of torchvision of 10 layers/);
  });

  it("are a VGG, whose pools are where numbers are missing", () => {
    const { graph } = modelGraph(shaped(vgg(6)));
    expect(graph.nodes.filter(({ kind }) => kind === "pool")).toHaveLength(5);
  });

  it.each<[string, Readonly<Record<string, readonly number[]>>]>([
    ["a tensor too many", { ...resnet10, "extra.weight": [3, 3] }],
    ["a stem of 3 x 3, which takes other strides", { ...resnet10, "conv1.weight": [4, 3, 3, 3] }],
    ["a projection where the shape stays", { ...resnet10, ...basic("layer1.0", 4, 4, true) }],
    ["another place of the last layer", vgg(5)],
  ])("%s is none of them", (_name, shapes) => {
    expect(() => modelGraph(shaped(shapes))).toThrow(/weights alone, which do not say how they are connected/);
  });
});
