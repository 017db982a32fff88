import { normal, normals, split, stream } from "@sonde/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  drawWeights,
  forward,
  type Graph,
  type GraphLayer,
  type GraphNode,
  graphGradient,
  graphShapes,
  mlp,
  outputSize,
  randomNetwork,
  runGraph,
  size,
  type Tensor,
  toGraph,
  toGraphWeights,
  type WeightTensor,
} from "../src/index.js";
import { architectures } from "./architectures.js";

const random = (seed: number, shape: readonly number[]): Tensor => ({
  shape,
  data: normals(stream(seed), new Float64Array(size(shape))),
});

/** One layer of some inputs. */
const single = (layer: GraphLayer & Partial<GraphNode>, ...shapes: readonly (readonly number[])[]): Graph => ({
  inputs: shapes.map((shape, k) => ({ name: `x${k}`, shape })),
  nodes: [{ ...layer, name: "y", inputs: shapes.map((_, k) => `x${k}`) } as GraphNode],
  outputs: ["y"],
});

/** Random weights, those that begin as constants too. */
const anyWeights = (graph: Graph) => {
  const made = new Map(
    graphShapes(graph).map(({ node, weights }, n) => [
      node.name,
      Object.fromEntries(
        Object.entries(weights).map(([role, { shape }], k): [string, WeightTensor] => {
          const { data } = random(100 * n + k + 7, shape);
          const values = role === "variance" ? data.map((v) => v * v + 0.5) : data;
          return [role, { shape, values: (start = 0, count = values.length - start) => values.subarray(start, start + count) }];
        }),
      ),
    ]),
  );
  return (layer: string) => made.get(layer) ?? {};
};

const image = [2, 3, 5, 4];
const last = [2, 5, 4, 3];

const layers: readonly [string, GraphLayer, ...(readonly (readonly number[])[])][] = [
  ["dense at every position", { kind: "dense", units: 3 }, [2, 4, 5]],
  ["dense, units first", { kind: "dense", units: 3, unitsFirst: true }, [4, 5]],
  [
    "conv, channels first, padded, strided, dilated",
    { kind: "conv", channels: 4, kernel: [3, 2], strides: [2, 1], dilations: [1, 2], pads: [1, 0, 2, 1], channelsFirst: true },
    image,
  ],
  ["conv, same", { kind: "conv", channels: 2, kernel: [2, 3], pads: "same" }, last],
  ["conv, in groups", { kind: "conv", channels: 6, kernel: [2, 2], groups: 3 }, last],
  [
    "conv, depthwise, channels first",
    { kind: "conv", channels: 3, kernel: [3, 3], pads: "same-lower", groups: 3, channelsFirst: true },
    image,
  ],
  ["conv along one axis", { kind: "conv", channels: 2, kernel: [3] }, [2, 6, 3]],
  [
    "transposed conv, channels first",
    {
      kind: "conv-transpose",
      channels: 4,
      kernel: [3, 2],
      strides: [2, 3],
      pads: [1, 0, 0, 1],
      outputPadding: [1, 0],
      groups: 1,
      channelsFirst: true,
    },
    image,
  ],
  ["transposed conv, same", { kind: "conv-transpose", channels: 2, kernel: [3, 3], strides: [2, 2], pads: "same" }, last],
  ["max pool", { kind: "pool", pool: "max", window: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1], channelsFirst: true }, image],
  ["average pool", { kind: "pool", pool: "average", window: [2, 2], pads: "same", countsPadding: true }, last],
  [
    "average pool, ceil",
    { kind: "pool", pool: "average", window: [2, 2], strides: [2, 2], ceil: true, channelsFirst: true },
    image,
  ],
  ["global pool", { kind: "pool", pool: "average", window: "global" }, last],
  ["batch norm", { kind: "norm", norm: "batch", channelsFirst: true }, image],
  ["batch norm, running", { kind: "norm", norm: "batch", statistics: "running" }, last],
  ["layer norm", { kind: "norm", norm: "layer" }, [2, 3, 4]],
  ["RMS norm over two axes", { kind: "norm", norm: "rms", axis: 1 }, [2, 3, 4]],
  ["group norm", { kind: "norm", norm: "group", groups: 2, channelsFirst: true }, [2, 4, 3, 2]],
  ["group norm, channels last", { kind: "norm", norm: "group", groups: 2 }, [2, 3, 2, 4]],
  ["instance norm", { kind: "norm", norm: "instance" }, last],
  ["activation", { kind: "activation", activation: "gelu" }, [3, 4]],
  ["PReLU", { kind: "activation", activation: "prelu" }, image],
  ["log-sigmoid", { kind: "activation", activation: "log-sigmoid" }, [3, 4]],
  ["CELU", { kind: "activation", activation: "celu:0.7" }, [3, 4]],
  ["softmax along an axis", { kind: "softmax", axis: 1 }, [2, 3, 4]],
  ["log softmax", { kind: "softmax", log: true }, [2, 5]],
  ["causal softmax", { kind: "softmax", causal: true }, [2, 3, 3]],
  ["sum with factors", { kind: "add", factors: [1, -0.5] }, [2, 3, 4], [3, 1]],
  ["product of three", { kind: "multiply" }, [2, 3], [2, 3], [3]],
  ["quotient", { kind: "elementwise", function: "divide" }, [2, 3], [2, 1]],
  ["maximum", { kind: "elementwise", function: "maximum" }, [2, 3], [2, 3]],
  ["where", { kind: "elementwise", function: "where" }, [1, 3], [2, 3], [2, 1]],
  ["tanh", { kind: "elementwise", function: "tanh" }, [2, 3]],
  ["concat", { kind: "concat", axis: 1 }, [2, 1, 3], [2, 2, 3]],
  ["reshape", { kind: "reshape", shape: [0, -1] }, [2, 3, 4]],
  ["transpose", { kind: "transpose", order: [2, 0, 1] }, [2, 3, 4]],
  ["slice backwards", { kind: "slice", axes: [1], starts: [-1], ends: [-9], steps: [-2] }, [2, 5, 2]],
  ["expand", { kind: "expand", shape: [4, 2, 3] }, [2, 1]],
  ["gather", { kind: "gather", axis: 1, indices: [2, 0, 2] }, [2, 3, 2]],
  ["pad by reflection", { kind: "pad", pads: [0, 2, 1, 0, 1, 2], mode: "reflect" }, [2, 3, 4]],
  ["nearest upsampling", { kind: "upsample", scales: [1, 2, 3], coordinates: "asymmetric", rounding: "floor" }, [2, 2, 3]],
  ["linear upsampling", { kind: "upsample", sizes: [2, 5], mode: "linear" }, [2, 3]],
  ["cubic upsampling", { kind: "upsample", sizes: [2, 7], mode: "cubic", bordersOut: true }, [2, 4]],
  ["smooth shrinking", { kind: "upsample", scales: [1, 0.4], mode: "cubic", smooth: true }, [2, 9]],
  [
    "a region cut out",
    {
      kind: "upsample",
      sizes: [2, 4],
      mode: "linear",
      coordinates: "crop",
      region: { starts: [0, 0.2], ends: [1, 1.3] },
      outside: 3,
    },
    [2, 5],
  ],
  ["mean over axes", { kind: "reduce", function: "mean", axes: [0, 2], keepsAxes: true }, [2, 3, 4]],
  ["log-sum-exp", { kind: "reduce", function: "log-sum-exp", axes: [1] }, [2, 3, 4]],
  ["product of matrices", { kind: "matmul" }, [2, 1, 3, 4], [5, 4, 2]],
  ["product with one turned", { kind: "matmul", turnFirst: true, turnSecond: true }, [4, 3], [2, 4]],
  ["attention of heads", { kind: "attention", heads: 2, mask: "causal" }, [2, 3, 4]],
  ["depth to space", { kind: "depth-to-space", block: 2 }, [1, 8, 2, 3]],
  ["space to depth", { kind: "space-to-depth", block: 2 }, [1, 2, 4, 2]],
];

describe("kinds of layers", () => {
  it.each(layers)("%s: the gradient is that of small steps", (_name, layer, ...shapes) => {
    const graph = single(layer, ...shapes);
    const weights = anyWeights(graph);
    const inputs = Object.fromEntries(shapes.map((shape, k) => [`x${k}`, random(k, shape)]));
    const { y } = runGraph(graph, weights, inputs);
    const error = random(50, y.shape);
    const loss = (given: typeof inputs, own = weights) =>
      runGraph(graph, own, given).y.data.reduce((sum, value, k) => sum + value * error.data[k], 0);
    const found = graphGradient(graph, weights, inputs, () => ({ y: error }));
    const step = 1e-5;
    /** The slope along a random direction, by small steps either way. */
    const slope = (at: (t: number) => number) => (at(step) - at(-step)) / (2 * step);
    for (const [name, x] of Object.entries(inputs)) {
      const by = found.inputs[name];
      if (!by) continue;
      const way = random(60, x.shape).data;
      const expected = slope((t) => loss({ ...inputs, [name]: { ...x, data: x.data.map((v, k) => v + t * way[k]) } }));
      const own = by.data.reduce((sum, value, k) => sum + value * way[k], 0);
      expect(Math.abs(own - expected), name).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
    }
    for (const { shaped, weights: byWeights } of found.layers)
      for (const [role, by] of Object.entries(byWeights)) {
        const { name } = shaped.node;
        const held = weights(name)[role] as WeightTensor;
        const way = random(61, by.shape).data;
        const moved = (t: number) => (layer: string) => {
          const all = weights(layer);
          if (layer !== name) return all;
          const values = Float64Array.from(held.values(), (v, k) => v + t * way[k]);
          return {
            ...all,
            [role]: {
              shape: held.shape,
              values: (start = 0, count = values.length - start) => values.subarray(start, start + count),
            },
          };
        };
        const expected = slope((t) => loss(inputs, moved(t)));
        const own = by.data.reduce((sum, value, k) => sum + value * way[k], 0);
        expect(Math.abs(own - expected), `${name} ${role}`).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
      }
  });

  // The standard's examples of Resize with antialias, whose values it prints.
  it.each([
    ["linear", [2.875, 4.5, 9.375, 11]],
    ["cubic", [2.5180721, 4.2858863, 9.589329, 11.357142]],
  ] as const)("shrinks smoothly by the standard's definition: %s", (mode, expected) => {
    const graph = single({ kind: "upsample", scales: [1, 1, 0.6, 0.6], mode, smooth: true }, [1, 1, 4, 4]);
    const x0 = { shape: [1, 1, 4, 4], data: Float64Array.from({ length: 16 }, (_, k) => k + 1) };
    const { y } = runGraph(graph, anyWeights(graph), { x0 });
    expect(y.shape).toEqual([1, 1, 2, 2]);
    for (const [k, value] of expected.entries()) expect(y.data[k]).toBeCloseTo(value, 5);
  });

  it("a cubic goes through the values that it stands on, and a line stays a line within", () => {
    const at = (coordinates: "align-corners" | "symmetric") => {
      const graph = single({ kind: "upsample", sizes: [1, 13], mode: "cubic", coordinates }, [1, 7]);
      return runGraph(graph, anyWeights(graph), { x0: { shape: [1, 7], data: Float64Array.from([0, 1, 2, 3, 4, 5, 6]) } }).y.data;
    };
    const corners = at("align-corners");
    for (let k = 0; k < 7; k++) expect(corners[2 * k]).toBeCloseTo(k, 12);
    expect(corners[5]).toBeCloseTo(2.5, 12);
    // The middle of the one is the middle of the other.
    expect(at("symmetric")[6]).toBeCloseTo(3, 12);
  });

  it("a pool tells where its largest values lie, row by row or column by column", () => {
    const x0 = { shape: [1, 2, 3], data: Float64Array.from([0, 5, 1, 9, 2, 7]) };
    const pooled = (gives: "places" | "places-column-major") => {
      const graph = single({ kind: "pool", pool: "max", window: [2, 2], channelsFirst: true, gives }, [1, 1, 2, 3]);
      return [...runGraph(graph, anyWeights(graph), { x0: { ...x0, shape: [1, 1, 2, 3] } }).y.data];
    };
    expect(pooled("places")).toEqual([3, 5]);
    // Places (1, 0) and (1, 2) of two rows: row + 2 column.
    expect(pooled("places-column-major")).toEqual([1, 5]);
  });

  it("a recurrent layer of one step is a dense layer and a tanh", () => {
    const graph = single({ kind: "recurrent", cell: "rnn", units: 2 }, [1, 3, 4]);
    const weights = anyWeights(graph);
    const { y } = runGraph(graph, weights, { x0: random(1, [1, 3, 4]) });
    const [w, b, rb] = ["weight", "bias", "recurrentBias"].map((role) => weights("y")[role]?.values() ?? []);
    const x = random(1, [1, 3, 4]).data;
    const expected = Array.from({ length: 6 }, (_, k) => {
      const [point, unit] = [Math.floor(k / 2), k % 2];
      let sum = b[unit] + rb[unit];
      for (let i = 0; i < 4; i++) sum += w[unit * 4 + i] * x[point * 4 + i];
      return Math.tanh(sum);
    });
    for (const [k, value] of expected.entries()) expect(y.data[k]).toBeCloseTo(value, 12);
    expect(() => graphGradient(graph, weights, { x0: random(1, [1, 3, 4]) }, () => ({ y }))).toThrow(
      /"y" \(recurrent\) is measured only/,
    );
  });

  it.each([
    [
      "a layer that is not there",
      { inputs: [{ name: "x", shape: [1, 2] }], nodes: [{ name: "y", inputs: ["z"], kind: "identity" }], outputs: ["y"] },
      /layer "y" takes "z"/,
    ],
    [
      "a name twice",
      { inputs: [{ name: "x", shape: [1, 2] }], nodes: [{ name: "x", inputs: ["x"], kind: "identity" }], outputs: ["x"] },
      /two layers of the name "x"/,
    ],
    [
      "an unknown kind",
      { inputs: [{ name: "x", shape: [1, 2] }], nodes: [{ name: "y", inputs: ["x"], kind: "magic" }], outputs: ["y"] },
      /"magic": the kinds are activation, add/,
    ],
    [
      "shapes that do not go together",
      single({ kind: "add" }, [2, 3], [2, 4]),
      /layer "y" \(add\): shapes \[2, 3\] and \[2, 4\]/,
    ],
    ["an input too few", single({ kind: "matmul" }, [2, 3]), /layer "y" \(matmul\) takes 1 input: give it 2/],
    ["an input too many", single({ kind: "softmax" }, [2, 3], [2, 3]), /"y" \(softmax\) takes 2 inputs: give it 1/],
    ["numbers to choose that are missing", single({ kind: "gather" }, [2, 3]), /"y" \(gather\): it takes whole numbers/],
    [
      "a size turned round",
      single({ kind: "upsample", scales: [1, -2] }, [2, 3]),
      /\(upsample\): \[2, 3\] is stretched to \[2, -6\]/,
    ],
    ["a scale that is none", single({ kind: "upsample", scales: [1, Number.NaN] }, [2, 3]), /stretched to \[2, NaN\]/],
    [
      "a window of fewer than no taps",
      single({ kind: "pool", pool: "max", window: [2, -2] }, [1, 4, 4, 1]),
      /the taps of a window are whole numbers from 1, got \[2, -2\]/,
    ],
    [
      "strides that go nowhere",
      single({ kind: "pool", pool: "max", window: [2], strides: [0], pads: "same" }, [1, 4, 1]),
      /the strides of a window are whole numbers from 1, got \[0\]/,
    ],
    [
      "a window that does not fit",
      single({ kind: "conv", channels: 1, kernel: [4] }, [1, 3, 1]),
      /layer "y" \(conv\): a window that reaches over 4/,
    ],
    [
      "a size below zero",
      single({ kind: "softmax" }, [1, -1]),
      /the input "x0" has the shape \[1, -1\]: sizes are whole numbers/,
    ],
    ["more values than fit", single({ kind: "softmax" }, [2 ** 20, 2 ** 20]), /of at most \d+ values together/],
  ])("%s is refused, by the layer's name", (_name, graph, why) => {
    expect(() => graphShapes(graph as Graph)).toThrow(why);
  });
});

describe("the list is the short form of a graph", () => {
  it("both mean the same", () => {
    fc.assert(
      fc.property(architectures, fc.nat(1000), (architecture, seed) => {
        const points = 3;
        const network = randomNetwork(architecture, stream(seed));
        const data = normals(split(stream(seed), 9), new Float64Array(points * size(architecture.input)));
        const expected = forward(network, { rows: points, cols: size(architecture.input), data });
        const graph = toGraph(architecture, points);
        const given = { input: { shape: [points, ...architecture.input], data } };
        const [output] = Object.values(runGraph(graph, toGraphWeights(network), given));
        expect(output.data.length).toBe(points * outputSize(architecture));
        const most = Math.max(1e-300, ...expected.data.map(Math.abs));
        for (let k = 0; k < output.data.length; k++)
          expect(Math.abs(output.data[k] - expected.data[k])).toBeLessThan(1e-9 * most);
      }),
      { numRuns: 60 },
    );
  });

  it("weights of a graph are drawn by their initialiser", () => {
    const graph = toGraph(mlp("300-200-1"), 2);
    const { weight, bias } = drawWeights(graph, stream(3), { init: () => ({ init: "pytorch" }) })(graph.nodes[0].name);
    const values = Array.from(weight?.values() ?? []);
    expect(weight?.shape).toEqual([300, 200]);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(300));
    const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    // A uniform law's square has a standard error of sqrt(0.8 / n).
    expect(Math.abs(square * 900 - 1)).toBeLessThan(4.5 * Math.sqrt(0.8 / values.length));
    expect(bias?.values()[0]).not.toBe(0);
    expect(normal(stream(3), 0)).not.toBe(values[0]);
  });
});
