import { runGraph } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { type ModelFile, modelGraph } from "../../src/index.js";
import { constantTensor, heldTensor } from "../../src/model/tensor.js";
import { readModel } from "./models.js";

const image = { shape: [2, 3, 5, 5], data: Float64Array.from({ length: 150 }, (_, k) => Math.sin(k * k)) };

/** Two group norms of the fixture, with other tensors and other axes of the instance norm. */
async function network(tensors: ModelFile["tensors"] = [], split = [2, 2, 18], outputs = ["group"]) {
  const { withInputs: _, ...file } = await readModel("norms.onnx");
  const value = (name: string, shape: number[] | null) => ({ name, shape, type: "float32" });
  const { graph, weights } = modelGraph({
    ...file,
    inputs: [value("image", image.shape)],
    outputs: outputs.map((name) => value(name, null)),
    nodes: (file.nodes ?? []).filter(
      ({ outputs: [name] }) => ["conv", "cm", "apart", "group"].includes(name) || /^r\d$/.test(name),
    ),
    tensors: [...file.tensors.filter(({ name }) => tensors.every((other) => other.name !== name)), ...tensors],
    shapes: { ...file.shapes, r1: split, r2: split, group: [2, 4, 3, 3] },
  });
  const norms = graph.nodes.flatMap((node) => (node.kind === "norm" ? [node] : []));
  return { norms, values: () => runGraph(graph, weights, { image }).group.data };
}

const half = (name: string, shape: number[]) => constantTensor(name, shape, "float32", 0.5);
const neutral = [constantTensor("cs", [1, 1, 1], "float32", 1), constantTensor("cb", [1, 1, 1], "float32", 0)];

describe("a group norm of several operators", () => {
  it.each([
    ["with scale and shift by channels", [], undefined],
    ["of scale and shift with an axis of points", [half("cs", [1, 4, 1, 1]), half("cb", [1, 4, 1, 1])], undefined],
    ["that neither scales nor shifts", neutral, ["scale", "shift"]],
  ])("%s is one layer that computes what they do", async (_, tensors, without = []) => {
    const [whole, apart] = [await network(tensors), await network(tensors, undefined, ["group", "r4"])];
    expect(whole.norms).toMatchObject([{ norm: "group", groups: 2, channelsFirst: true, without }]);
    expect(apart.norms.map(({ norm }) => norm)).toEqual(["instance"]);
    const own = whole.values();
    for (const [k, value] of apart.values().entries()) expect(own[k]).toBeCloseTo(value, 12);
  });

  it.each([
    ["its instance norm scales", [half("ig", [2])], undefined],
    ["its instance norm shifts", [half("ib", [2])], undefined],
    ["it scales along another axis", [half("cs", [1, 1, 3])], undefined],
    ["it scales all alike", [half("cs", [1, 1, 1])], undefined],
    [
      "groups are parts of channels",
      [
        heldTensor("to", [3], "int64", BigInt64Array.of(2n, 12n, -1n)),
        ...[1, 0].map((one, k) => constantTensor(k ? "ib" : "ig", [12], "float32", one)),
      ],
      [2, 12, 3],
    ],
    [
      "points are taken together",
      [
        heldTensor("to", [3], "int64", BigInt64Array.of(1n, 4n, -1n)),
        ...[1, 0].map((one, k) => constantTensor(k ? "ib" : "ig", [4], "float32", one)),
      ],
      [1, 4, 18],
    ],
  ])("is run operator by operator where %s", async (_, tensors, split) => {
    const { norms, values } = await network(tensors, split);
    expect(norms.map(({ norm }) => norm)).toEqual(["instance"]);
    expect(values().every(Number.isFinite)).toBe(true);
  });
});
