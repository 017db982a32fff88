import { addTo, type Matrix, matrix, mean, mergeInto, moments, normals, split, standardError, stream } from "@sonde/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Architecture,
  drawWeights,
  forward,
  fromGraph,
  type Graph,
  type GraphNode,
  inferShapes,
  type Layer,
  type Metric,
  mapLayers,
  mlp,
  outputSize,
  planEnsemble,
  randomNetwork,
  runEnsemble,
  runGraph,
  size,
  toGraph,
  toGraphWeights,
} from "../src/index.js";
import { architectures } from "./architectures.js";

/** The same without layers that graphs have in another form. */
const withoutEmbeddings = (architecture: Architecture): Architecture => ({
  ...architecture,
  layers: mapLayers(architecture.layers, (layer) => (layer.kind === "embedding" ? [] : [layer])),
});

/** The draws of a list by the paths of its layers. */
function initsOf(architecture: Architecture) {
  const found = new Map<string, Layer>();
  const visit = (list: ReturnType<typeof inferShapes>): void => {
    for (const { path, layer, branches } of list) {
      found.set(path, layer);
      branches.forEach(visit);
    }
  };
  visit(inferShapes(architecture));
  return (path: string) => {
    const layer = found.get(path);
    if (layer?.kind !== "dense" && layer?.kind !== "conv") return undefined;
    const { init, weightVariance, bias } = layer;
    return {
      ...(init !== undefined && { init }),
      ...(weightVariance !== undefined && { weightVariance }),
      ...(bias !== undefined && { bias }),
    };
  };
}

describe("a list that was written out as a graph is found again", () => {
  it("with the same outputs to the last bit, whatever its layers", () => {
    fc.assert(
      fc.property(architectures.map(withoutEmbeddings), fc.nat(50), (architecture, seed) => {
        const points = 3;
        const network = randomNetwork(architecture, stream(seed));
        const graph = toGraph(architecture, points);
        const { architecture: found, notes } = fromGraph(graph, {
          init: initsOf(architecture),
          weights: toGraphWeights(network),
        });
        const x = matrix(points, size(architecture.input));
        normals(stream(seed + 1), x.data);
        const run = (own: Architecture): Matrix => forward(randomNetwork(own, stream(seed)), x);
        expect(run(found)).toEqual(run(architecture));
        expect(outputSize(found)).toBe(outputSize(architecture));
        expect(notes).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

/** A residual network as PyTorch exports it: channels first, projections of stride 2, one convolution shared by no one. */
const residual = (points: number): Graph => {
  const conv = (name: string, from: string, channels: number, k: number, stride: number): GraphNode => ({
    name,
    inputs: [from],
    kind: "conv",
    channels,
    kernel: [k, k],
    strides: [stride, stride],
    pads: new Array(4).fill((k - 1) / 2),
    channelsFirst: true,
    without: ["bias"],
  });
  const relu = (name: string, from: string): GraphNode => ({ name, inputs: [from], kind: "activation", activation: "relu" });
  const block = (name: string, from: string, channels: number, stride: number): GraphNode[] => [
    conv(`${name}.conv1`, from, channels, 3, stride),
    relu(`${name}.relu1`, `${name}.conv1`),
    conv(`${name}.conv2`, `${name}.relu1`, channels, 3, 1),
    ...(stride > 1 ? [conv(`${name}.down`, from, channels, 1, stride)] : []),
    { name: `${name}.sum`, inputs: [`${name}.conv2`, stride > 1 ? `${name}.down` : from], kind: "add" },
    relu(name, `${name}.sum`),
  ];
  return {
    inputs: [{ name: "x", shape: [points, 3, 8, 8] }],
    nodes: [
      conv("conv1", "x", 6, 3, 1),
      relu("relu", "conv1"),
      ...block("layer1", "relu", 6, 1),
      ...block("layer2", "layer1", 8, 2),
      { name: "pool", inputs: ["layer2"], kind: "pool", pool: "average", window: "global", channelsFirst: true, keepsAxes: true },
      { name: "flat", inputs: ["pool"], kind: "flatten" },
      { name: "fc", inputs: ["flat"], kind: "dense", units: 4, unitsFirst: true },
    ],
    outputs: ["fc"],
  };
};

/** Mean square of the activations of a layer of every network, layer by layer. */
const power: Metric<object, number[], ReturnType<typeof moments>[]> = {
  name: "power",
  trace: () => [],
  observe(trace, { activations, exponent }) {
    const { data } = activations();
    let sum = 0;
    for (const value of data) sum += value * value;
    trace.push((sum / data.length) * 4 ** exponent);
  },
  empty: ({ layers }) => Array.from({ length: layers }, moments),
  fold(state, trace) {
    for (const [l, sum] of state.entries()) addTo(sum, trace[l]);
  },
  merge(state, next) {
    for (const [l, sum] of state.entries()) mergeInto(sum, next[l]);
  },
};

describe("a residual network with projection shortcuts", () => {
  const { architecture, notes } = fromGraph(residual(2));

  it("is a list of blocks", () => {
    expect(architecture.layers.map(({ kind }) => kind)).toEqual(
      "conv activation residual activation residual activation pool dense".split(" "),
    );
    expect(architecture.layers[4]).toMatchObject({
      body: [{ kind: "conv", stride: 2 }, { kind: "activation" }, { kind: "conv" }],
      shortcut: [{ kind: "conv", kernel: [1, 1], stride: 2 }],
    });
    expect(notes.join()).toMatch(/strided convolutions lie a position beside/);
  });

  it("runs in the kernels, which agree with the float64 graph in law", async () => {
    const points = 2;
    const networks = 200;
    const x = matrix(points, 192);
    normals(stream(1), x.data);
    const plan = planEnsemble({
      architecture,
      inputs: x,
      seed: 3,
      method: "weights",
      networks,
      metrics: [{ name: "power", options: {} }],
    });
    expect(plan.executor).toBe("kernels");
    const { states } = await runEnsemble(plan, { metrics: [power] });
    const kernels = states[0] as ReturnType<typeof moments>[];
    const graph = residual(points);
    const channelsFirst = new Float64Array(x.data.length);
    for (let p = 0; p < points; p++)
      for (let s = 0; s < 64; s++) for (let c = 0; c < 3; c++) channelsFirst[(p * 3 + c) * 64 + s] = x.data[(p * 64 + s) * 3 + c];
    const ofGraph = Array.from({ length: kernels.length }, moments);
    const hidden = ["relu", "layer1.sum", "layer1", "layer2.sum", "layer2"];
    for (let k = 0; k < networks; k++)
      runGraph(
        graph,
        drawWeights(graph, split(stream(5), k)),
        { x: { shape: [points, 3, 8, 8], data: channelsFirst } },
        {
          observe({ node }, { data }) {
            const l = hidden.indexOf(node.name);
            if (l >= 0) addTo(ofGraph[l], data.reduce((sum, value) => sum + value * value, 0) / data.length);
          },
        },
      );
    expect(kernels).toHaveLength(hidden.length);
    for (const [l, own] of kernels.entries()) {
      const [a, b] = [own, ofGraph[l]];
      // Up to the border, where windows of stride 2 lie a position apart.
      const border = l >= 3 ? 0.02 * mean(b) : 0;
      expect(Math.abs(mean(a) - mean(b)), hidden[l]).toBeLessThan(4.5 * Math.hypot(standardError(a), standardError(b)) + border);
    }
  });
});

const relu: GraphNode = { name: "r", inputs: ["x"], kind: "activation", activation: "relu" };

it.each<[string, GraphNode[], string, RegExp]>([
  [
    "a crossing of two ways",
    [relu, { name: "a", inputs: ["x", "r"], kind: "add" }, { name: "b", inputs: ["a", "r"], kind: "add" }],
    "b",
    /"r" .*several places|leads around/,
  ],
  ["attention", [{ name: "a", inputs: ["x", "x", "x"], kind: "matmul" }], "a", /matmul/],
  [
    "groups",
    [{ name: "c", inputs: ["x"], kind: "conv", channels: 4, kernel: [3, 3], groups: 4, channelsFirst: true, pads: [1, 1, 1, 1] }],
    "c",
    /layer "c" \(conv\) has groups/,
  ],
  ["a layer norm over the last axis", [{ name: "n", inputs: ["x"], kind: "norm", norm: "layer" }], "n", /every position/],
  [
    "overlapping pools",
    [{ name: "p", inputs: ["x"], kind: "pool", pool: "max", window: [3, 3], strides: [2, 2], channelsFirst: true }],
    "p",
    /overlap/,
  ],
  ["a sum of three", [relu, { name: "s", inputs: ["x", "r", "x"], kind: "add" }], "s", /adds 3 ways/],
])("%s has no place in a list, which is said", (_name, nodes, output, why) => {
  expect(() => fromGraph({ inputs: [{ name: "x", shape: [2, 4, 6, 6] }], nodes, outputs: [output] })).toThrow(why);
});

it("a chain of dense layers is the notation's", () => {
  const architecture = mlp("3-5x2-2", { bias: "normal:0.1" });
  expect(fromGraph(toGraph(architecture, 2), { init: initsOf(architecture) }).architecture.layers).toEqual(architecture.layers);
});
