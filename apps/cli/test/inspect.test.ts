import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { inProcess, patience, sonde, useFolder } from "./sonde.js";

const folder = useFolder();
const model = (name: string) => fileURLToPath(new URL(`../../../packages/formats/test/fixtures/models/${name}`, import.meta.url));
const told = async (name: string) => JSON.parse((await inProcess(["inspect", model(name), "--json"])).stdout);

describe("sonde inspect", () => {
  it("reports a graph, layer by layer", async () => {
    const { code, stdout, stderr } = await inProcess(["inspect", model("resnet.onnx")]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/ONNX · IR 7, opset 13 · pytorch 1.13.0\n {2}31 layers · 9,842 parameters/);
    expect(stdout).toMatch(/layer2.conv1 +conv 16, 3 x 3, stride 2 x 2 +· x 16 x 4 x 4 +1,152/);
    expect(stdout).toMatch(/weights +he-normal by fan-out/);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it("says the same as JSON, by the contract", async () => {
    const record = await told("functional.keras");
    expect(record).toMatchObject({
      command: "inspect",
      architecture: null,
      settings: { model: model("functional.keras") },
      warnings: [],
    });
    const { result } = record;
    expect(result).toMatchObject({
      format: "keras",
      parameters: 5138,
      graph: true,
      unsupported: [],
      initialiser: { trained: false },
    });
    expect(result.layers[4]).toMatchObject({ name: "add", kind: "add", inputs: ["conv1", "norm"] });
    expect(result.tensors[0]).toEqual({ name: "conv1/kernel", shape: [3, 3, 1, 8], type: "float32" });
    expect(result.outputs).toEqual([{ name: "output" }]);
    expect(record.elapsedMs).toBeLessThan(5000);
  });

  it("says what it does not know, and why", async () => {
    expect((await told("custom.onnx")).result.unsupported).toEqual([
      { layer: "FusedConv_0", reason: expect.stringMatching(/com.microsoft/) },
      { layer: "Wrong_1", reason: expect.stringMatching(/no layer/) },
    ]);
    expect((await inProcess(["inspect", model("custom.onnx")])).stdout).toMatch(
      /What Sonde does not know\n +FusedConv is of the domain/,
    );
    const { stdout, stderr } = await inProcess(["inspect", model("nested-container.keras")]);
    expect(stdout).toMatch(/inputs +not in the file/);
    expect(stderr).toMatch(/^sonde: note: it is a subclassed model/);
  });

  it("tells trained weights, and files of weights alone", async () => {
    expect((await told("dead-layer.onnx")).result.initialiser).toMatchObject({ trained: true });
    expect((await told("state.pt")).result).toMatchObject({ graph: false, initialiser: { name: "pytorch" } });
  });

  it("shows constants however large, in little memory", { timeout: patience }, async () => {
    const { code, stdout, peakMiB } = await sonde(["inspect", model("folded.onnx")]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/4,294,967,320 parameters/);
    expect(peakMiB).toBeLessThan(300);
  });

  it.each([
    ["nothing", () => join(folder, "none.onnx"), /none.onnx": there is no such file/],
    ["widths", () => "1-2x9-1", /no such file: name a model file/],
    ["a folder", () => folder, /directory/],
    ["a pickled module", () => model("module.pt"), /Python object/],
    ["zeros", () => join(folder, "zeros"), /no ONNX model/],
  ])("refuses with one sentence: %s", async (_name, path, says) => {
    writeFileSync(join(folder, "zeros"), new Uint8Array(100));
    const { code, stdout, stderr } = await inProcess(["inspect", path()]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^sonde: [^\n]+\n$/);
    expect(stderr).toMatch(says);
  });

  it("is where commands point that draw networks, for a graph that is no list", async () => {
    const { code, stderr } = await inProcess(["kernel", model("encoder.onnx")]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/sonde inspect/)]);
  });

  it("takes no options of networks", async () => {
    expect((await inProcess(["inspect", model("resnet.onnx"), "--activation", "tanh"])).code).toBe(2);
  });
});
