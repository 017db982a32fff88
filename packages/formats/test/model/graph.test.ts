import { readFileSync } from "node:fs";
import { stream } from "@sonde/core";
import { runGraph } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import {
  type ModelFile,
  modelGraph,
  modelLayers,
  recogniseInitialiser,
  recordModel,
  redrawing,
  runOperators,
} from "../../src/index.js";
import { readModel } from "./models.js";

interface Reference {
  readonly name: string;
  readonly files: readonly string[];
  readonly activation: string | null;
  readonly shape: readonly number[];
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly layers: readonly {
    readonly module: string;
    readonly shape: readonly number[];
    readonly largest: number;
    readonly values: readonly (readonly number[])[];
  }[];
}

const references: readonly Reference[] = JSON.parse(
  readFileSync(new URL("../fixtures/model-activations.json", import.meta.url), "utf8"),
);
const files = references.flatMap((reference) => reference.files.map((file) => [file, reference] as const));
const folderOf = (file: string) => file.replace("/model.json", "");

describe("a model that runs", () => {
  it.each(files)(
    "%s does what the program does that made it, layer by layer",
    async (file, { activation, shape, input, output, layers }) => {
      const network = modelGraph(await readModel(folderOf(file)), { points: 2, ...(activation !== null && { activation }) });
      const [{ name }] = network.graph.inputs;
      const { hidden, outputs, leftOut } = recordModel(
        network,
        { [name]: { shape, data: Float64Array.from(input) } },
        { random: stream(0), gradients: true },
      );
      expect(leftOut).toBe(0);
      expect(hidden.map((place) => [place.name, place.shape])).toEqual(layers.map((layer) => [layer.module, layer.shape]));
      for (const [l, { values, largest, module }] of layers.entries()) {
        const own = hidden[l].data.length / 2;
        for (const [p, row] of values.entries())
          for (const [k, value] of row.entries())
            expect(Math.abs(hidden[l].data[p * own + k] - value), `${module}, point ${p}, value ${k}`).toBeLessThanOrEqual(
              1e-4 * largest,
            );
        expect(hidden[l].gradients?.length).toBe(hidden[l].data.length);
      }
      const most = Math.max(...output.map(Math.abs));
      for (const [k, value] of output.entries()) expect(Math.abs(outputs[0].data[k] - value)).toBeLessThanOrEqual(1e-4 * most);
    },
  );

  it("tells layers that other ways lead around from those that all pass", async () => {
    const { hidden } = modelGraph(await readModel("resnet.onnx"));
    expect(hidden.filter(({ main }) => !main).map(({ module }) => module)).toEqual([
      "layer1.relu1",
      "layer2.relu1",
      "layer3.relu1",
    ]);
  });

  it("keeps some positions of layers that are too large, the same for all points", async () => {
    const network = modelGraph(await readModel("resnet.onnx"), { points: 3 });
    const input = { shape: [3, 1, 8, 8], data: Float64Array.from({ length: 192 }, (_, k) => (k % 64) / 64) };
    const { hidden, leftOut } = recordModel(network, { input }, { random: stream(0), kept: 4000 });
    const [points, positions, channels] = hidden[0].shape;
    expect([points, channels]).toEqual([3, 8]);
    expect(1 - positions / 64).toBe(leftOut);
    expect(leftOut).toBeGreaterThan(0.3);
    const row = positions * channels;
    expect(hidden[0].data.slice(0, row)).toEqual(hidden[0].data.slice(row, 2 * row));
  });

  it("runs a file of one point at a time on many", async () => {
    const network = modelGraph(await readModel("acasxu-1-1.onnx"), { points: 7 });
    expect(network).toMatchObject({ points: 1, fixedPoints: true });
    const [{ name }] = network.graph.inputs;
    const { hidden } = recordModel(
      network,
      { [name]: { shape: [3, 1, 1, 5], data: new Float64Array(15).fill(0.5) } },
      { random: stream(0) },
    );
    expect(hidden.map(({ shape }) => shape)).toEqual(Array(6).fill([3, 50]));
  });

  it("knows what whole numbers an input may be", async () => {
    expect(modelGraph(await readModel("tfjs-embedding-gru")).graph.inputs[0].entries).toBeGreaterThan(1);
  });

  it.each([
    ["if.onnx", /cannot run it: .*chooses at run time/],
    ["custom.onnx", /cannot run it: .*com.microsoft/],
    ["nested-container.keras", /cannot run it: it is a subclassed model/],
    ["state.pt", /cannot run it: it holds weights alone/],
    ["mlp.safetensors", /weights alone.*add --activation/],
  ])("%s is refused, and why", async (file, why) => {
    const model = await readModel(file);
    expect(() => modelGraph(model)).toThrow(why);
  });

  it("a shape that does not fit the file is refused", async () => {
    const model = await readModel("lenet.onnx");
    expect(() => modelGraph(model, { input: [1, 9, 9] })).toThrow(/a point of the input "input" is \[1, 8, 8\], got \[1, 9, 9\]/);
  });

  it("knows a hundred operators", () => {
    expect(runOperators().length).toBeGreaterThanOrEqual(100);
  });
});

describe("networks like a model", () => {
  const drawn = async (name: string, asked?: { init: string }, activation?: string) => {
    const model: ModelFile = await readModel(name);
    const network = modelGraph(model, { points: 64, activation });
    return { network, ...redrawing(model, network, recogniseInitialiser(model, modelLayers(model)), asked) };
  };

  it.each([
    ["mlp20.onnx", "pytorch", true],
    ["functional.keras", "he-truncated-normal, glorot-uniform", true],
    ["dead-layer.onnx", "pytorch", false],
    ["resnet.onnx", "he-normal, pytorch", true],
  ])("%s is drawn by %s", async (name, initialiser, recognised) => {
    expect(await drawn(name)).toMatchObject({ initialiser, recognised });
  });

  it("their weights have the variance of the law, their norms begin anew", async () => {
    const { network, draw } = await drawn("resnet.onnx");
    const weights = draw(stream(5));
    const node = network.graph.nodes.find(({ module }) => module === "layer3.conv2");
    const values = Array.from(weights(node?.name ?? "").weight?.values() ?? []);
    const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    // 2 / fan-out, over 2304 weights: a standard error of sqrt(2 / 2304).
    expect(Math.abs(square / (2 / 144) - 1)).toBeLessThan(4.5 * Math.sqrt(2 / 2304));
    const norm = network.graph.nodes.find(({ module }) => module === "layer3.bn2");
    expect(weights(norm?.name ?? "").variance?.values()[0]).toBe(1);
  });

  it("another initialiser may be asked for", async () => {
    const { initialiser, draw, network } = await drawn("lenet.onnx", { init: "zeros" });
    expect(initialiser).toBe("zeros");
    const out = runGraph(network.graph, draw(stream(0)), {
      input: { shape: [64, 1, 8, 8], data: new Float64Array(4096).fill(1) },
    });
    expect(Math.max(...Object.values(out)[0].data)).toBe(0);
  });
});
