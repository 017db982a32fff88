import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { stream } from "@sonde/core";
import { runGraph, type Tensor } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import {
  exposableValues,
  exposing,
  type ForeignSession,
  foreignNetwork,
  foreignRedrawing,
  gaussianPoints,
  type ModelFile,
  modelGraph,
  modelLayers,
  NotRunError,
  parseModel,
  probeForeign,
  recogniseInitialiser,
  recordForeign,
  recordModel,
} from "../../src/index.js";
import { foundAxes } from "../../src/model/foreign/probe-foreign.js";
import { externalFiles } from "../../src/model/onnx/external-files.js";
import { modelBytes, readModel } from "./models.js";

const foreign = (name: string) =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../fixtures/foreign/${name}`, import.meta.url))));
const readForeign = (name: string) => parseModel(foreign(name), { files: { "if-external.data": foreign("if-external.data") } });
const joined = (...parts: Uint8Array[]) => new Uint8Array(parts.flatMap((part) => [...part]));

const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]);

/** A field of protobuf whose bytes follow their length. */
const field = (number: number, ...parts: (Uint8Array | string)[]): Uint8Array => {
  const bytes = joined(...parts.map((part) => (typeof part === "string" ? new TextEncoder().encode(part) : part)));
  return Uint8Array.of(...varint(number * 8 + 2), ...varint(bytes.length), ...bytes);
};

/** Sonde's own executor as if it were another program. */
function ownSession(file: ModelFile): ForeignSession {
  return {
    outputs: [...exposableValues(file), ...file.outputs.map(({ name }) => name)],
    async run(inputs, wanted) {
      const points = inputs[0].shape[0];
      const { graph, weights } = modelGraph(file, { points });
      const found = new Map<string, Tensor>();
      const given = Object.fromEntries(inputs.map(({ name, shape, data }) => [name, { shape, data: Float64Array.from(data) }]));
      const outputs = runGraph(graph, weights, given, {
        observe: ({ node }, { shape, data }) => found.set(node.name, { shape, data: data.slice() }),
      });
      return wanted.map((name) => ({ name, type: "float64", ...(found.get(name) ?? outputs[name]) }));
    },
    rewrite: async () => {},
  };
}

describe("values between the operators of an ONNX file", () => {
  it("become outputs by bytes that are appended to it", async () => {
    const file = await readModel("resnet.onnx");
    const names = exposableValues(file);
    expect(names).toHaveLength(30);
    const changed = await parseModel(joined(modelBytes("resnet.onnx"), exposing(names)));
    expect(changed.outputs.map(({ name }) => name)).toEqual(["output", ...names]);
    expect(changed.nodes).toEqual(file.nodes);
    expect(exposing([])).toHaveLength(0);
  });

  it("are those of layers: no shapes, and of batch norm in training its first output alone", () => {
    const node = (operator: string, outputs: string[], domain = "") => ({
      name: operator,
      operator,
      domain,
      inputs: ["x"],
      outputs,
      attributes: {},
    });
    const value = (name: string) => ({ name, shape: null, type: null });
    const nodes = [
      node("Shape", ["s"]),
      node("BatchNormalization", ["b", "m", "v"]),
      node("If", ["c", ""]),
      node("Shape", ["d"], "mine"),
      node("Relu", ["y"]),
    ];
    expect(exposableValues({ nodes, inputs: [value("x")], outputs: [value("y")] })).toEqual(["b", "c", "d"]);
  });
});

describe("externalFiles", () => {
  const tensor = (location: string) => field(13, field(1, "location"), field(2, location));
  const source = (bytes: Uint8Array) => ({
    size: bytes.length,
    read: (from: number, count: number) => bytes.slice(from, from + count),
  });

  it("finds the files of tensors wherever they are", () => {
    const graph = joined(
      field(5, tensor("initializer")),
      field(15, field(1, tensor("sparse values")), field(2, tensor("sparse indices"))),
      field(1, field(5, field(5, tensor("constant"))), field(5, field(6, field(5, tensor("branch"))))),
      field(1, field(5, field(10, tensor("list"))), field(5, field(11, field(1, field(5, field(5, tensor("body"))))))),
    );
    const bytes = joined(
      field(7, graph),
      field(25, field(7, field(5, field(5, tensor("function")))), field(11, field(22, field(1, tensor("default"))))),
    );
    expect(externalFiles(source(bytes)).sort()).toEqual([
      "body",
      "branch",
      "constant",
      "default",
      "function",
      "initializer",
      "list",
      "sparse indices",
      "sparse values",
    ]);
  });

  it("finds each once, and none where there is none", () => {
    expect(externalFiles(source(foreign("external.onnx")))).toEqual(["if-external.data"]);
    expect(externalFiles(source(foreign("branch.onnx")))).toEqual([]);
    // Every value of an entry that has two.
    expect(externalFiles(source(field(7, field(5, field(13, field(1, "location"), field(2, "a"), field(2, "b"))))))).toEqual([
      "a",
      "b",
    ]);
  });
});

describe("places of a graph that another program runs", () => {
  const own = ["models", "exported"].flatMap((folder) =>
    readdirSync(fileURLToPath(new URL(`../fixtures/${folder}`, import.meta.url)))
      .filter((name) => name.endsWith(".onnx"))
      .map((name) => (folder === "models" ? name : `../${folder}/${name}`)),
  );

  it.each(own)("are those of Sonde's own graph: %s", async (name) => {
    const file = name.startsWith("..") ? await parseModel(modelBytes(name)) : await readModel(name);
    let graph: ReturnType<typeof modelGraph>;
    try {
      graph = modelGraph(file, { points: 2 });
    } catch (error) {
      return expect(String(error)).toMatch(/cannot run/);
    }
    const { places, channelAxis } = foreignNetwork(file);
    expect(places.map(({ value, module, main }) => ({ layer: value, module, main }))).toEqual(
      graph.hidden.map(({ layer, module, main }) => ({ layer, module, main })),
    );
    const axes = graph.hidden.map(({ layer }) => channelAxis(layer));
    expect(graph.hidden.map(({ channelAxis: axis }, k) => (axes[k] < 0 ? -1 : axis))).toEqual(axes);
  });

  it.each([
    ["branch.onnx", ["If"], ["h0 true", "h1 true", "h2 true"]],
    ["loop.onnx", ["Loop"], ["h0 true", "last true"]],
    ["function.onnx", ["Block"], ["h0 true", "h1 true", "h2 true", "h3 true", "h4 true", "h5 true"]],
  ])("are activations, and what operators put out that are not known: %s", async (name, operators, places) => {
    const file = await readForeign(name);
    expect(() => modelGraph(file)).toThrow(NotRunError);
    try {
      modelGraph(file);
    } catch (error) {
      expect((error as NotRunError).operators).toEqual(operators);
    }
    expect(foreignNetwork(file).places.map(({ value, main }) => `${value} ${main}`)).toEqual(places);
  });
});

describe("a run of another program", () => {
  it.each(["resnet.onnx", "lenet.onnx", "mlp20.onnx", "../exported/rnn.onnx"])(
    "records what Sonde's own does: %s",
    async (name) => {
      const file = name.startsWith("..") ? await parseModel(modelBytes(name)) : await readModel(name);
      const network = foreignNetwork(file);
      const points = 5;
      const { shapes, axes } = network.shapes(points);
      const inputs = Object.fromEntries(
        Object.entries(shapes).map(([input, shape]) => {
          const size = shape.reduce((product, n) => product * n, 1);
          const { data } = gaussianPoints(stream(1), points, size / points);
          const { entries } = network.inputs.find((one) => one.name === input) ?? {};
          return [input, { shape, data: entries ? data.map((value) => Math.floor(Math.abs(value) * 9) % entries) : data }];
        }),
      );
      expect(Object.keys(axes)).toEqual(Object.keys(shapes));
      const session = ownSession(file);
      const probe = await probeForeign(network, session, inputs);
      const { hidden, outputs } = await recordForeign(network, session, probe, inputs, points, {
        together: 2,
        random: stream(0),
      });
      const own = recordModel(modelGraph(file, { points }), inputs, { random: stream(0) });
      for (const [theirs, ours] of [
        [hidden, own.hidden],
        [outputs, own.outputs],
      ] as const) {
        expect(theirs.map(({ data: _data, preActivations: _pre, ...place }) => place)).toEqual(
          ours.map(({ data: _data, preActivations: _pre, ...place }) => place),
        );
        theirs.forEach(({ data, preActivations }, k) => {
          expect(data).toEqual(Float32Array.from(ours[k].data));
          expect(preActivations).toEqual(ours[k].preActivations && Float32Array.from(ours[k].preActivations));
        });
      }
    },
  );

  it("takes inputs that are the same for all points, and sizes that are open", () => {
    const value = (name: string, shape: (number | string)[], type = "float32") => ({ name, shape, type });
    const file = {
      format: "onnx",
      inputs: [value("x", ["?", "?"]), value("state", [2, "?", 8]), value("rate", [], "int64"), value("weights", [5])],
      outputs: [value("y", ["?", 1])],
      nodes: [{ name: "c", operator: "Equal", domain: "", inputs: ["rate", "wanted"], outputs: ["e"], attributes: {} }],
      tensors: [{ name: "wanted", shape: [], type: "int64", values: () => BigInt64Array.of(16000n) }],
      shapes: {},
      version: "IR 8, opset 16",
      producer: null,
      metadata: {},
      notes: [],
    } as const satisfies ModelFile;
    const { inputs, shapes, open } = foreignNetwork(file, { image: 64, sequence: 512 });
    expect(shapes(3)).toMatchObject({
      shapes: { x: [3, 512], state: [2, 3, 8], rate: [], weights: [5] },
      axes: { x: 0, state: 1 },
      fixedPoints: false,
    });
    expect(Object.keys(shapes(1).axes)).toEqual(["x", "state"]);
    expect(open).toBe(true);
    expect(inputs.map(({ compared }) => compared)).toEqual([undefined, undefined, 16000, undefined]);
  });

  it("finds the axis of the points by what grows with them", () => {
    const found = (one: number[], other: number[], channels = -1) => foundAxes([one, other], [2, 3], channels);
    expect(found([2, 8, 4, 4], [3, 8, 4, 4], 1)).toEqual({ pointAxis: 0, each: 1, channelAxis: 1, shape: [1, 8, 4, 4] });
    expect(found([7, 1, 2, 12], [7, 1, 3, 12])).toEqual({ pointAxis: 2, each: 1, channelAxis: 3, shape: [7, 1, 1, 12] });
    // Positions laid out as rows.
    expect(found([10, 6], [15, 6])).toEqual({ pointAxis: 0, each: 5, channelAxis: 2, shape: [1, 5, 6] });
    for (const [one, other] of [
      [[4], [4]],
      [
        [2, 2],
        [3, 3],
      ],
      [
        [5, 4],
        [6, 4],
      ],
      [
        [2, 4],
        [3, 4, 1],
      ],
    ])
      expect(found(one, other)).toBeUndefined();
    expect(foundAxes([[4, 3]], [4], -1)).toMatchObject({ pointAxis: 0, each: 1 });
  });
});

describe("networks like a model that another program runs", () => {
  it.each(["branch.onnx", "loop.onnx", "function.onnx", "external.onnx"])(
    "are drawn in the bytes of its file: %s",
    async (name) => {
      const file = await readForeign(name);
      const recognised = recogniseInitialiser(file, modelLayers(file));
      const { initialiser, recognised: known, drawn, kept, draw } = foreignRedrawing(file, recognised);
      expect({ initialiser, known, kept }).toEqual({ initialiser: "he-normal", known: true, kept: [] });
      const tensors = draw(stream(5));
      expect(tensors.map(({ tensor }) => tensor.name).filter((one) => one.endsWith("weight"))).toHaveLength(drawn);
      const files = { "": foreign(name).slice(), "if-external.data": foreign("if-external.data").slice() };
      let bytes = 0;
      for (const { tensor, data } of tensors) {
        const { file: into, offset } = tensor.place as { file: keyof typeof files; offset: number };
        files[into].set(new Uint8Array(Float32Array.from(data).buffer), offset);
        bytes += 4 * data.length;
      }
      const changed = await parseModel(files[""], { files });
      for (const { tensor, data } of tensors)
        expect(changed.tensors.find((other) => other.name === tensor.name)?.values()).toEqual(Float32Array.from(data));
      expect(recogniseInitialiser(changed, modelLayers(changed)).initialiser).toBe("he-normal");
      // Nothing else has changed.
      const different = [foreign(name), foreign("if-external.data")].flatMap((before, k) =>
        [...before].filter((byte, at) => byte !== files[k === 0 ? "" : "if-external.data"][at]),
      ).length;
      expect(different).toBeGreaterThan(bytes / 2);
      expect(different).toBeLessThanOrEqual(bytes);
      expect(draw(stream(5)).map(({ data }) => data)).toEqual(tensors.map(({ data }) => data));
    },
  );
});
