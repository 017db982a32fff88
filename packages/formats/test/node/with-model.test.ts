import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { withModel } from "../../src/node/index.js";
import { modelPath } from "../model/models.js";

const folder = mkdtempSync(join(tmpdir(), "sonde-model-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inside = join(folder, "inside");
mkdirSync(inside);
const sum = (path: string) =>
  withModel(path, ({ tensors }) => tensors.map(({ values }) => values().length).reduce((a, b) => a + b, 0));

describe("withModel", () => {
  it("reads files beside the model", async () => {
    expect(await sum(modelPath("external.onnx"))).toBe(28);
    expect(await sum(modelPath("tfjs-mlp/model.json"))).toBe(6722);
  });

  it("names the file in what it refuses", async () => {
    await expect(sum(join(folder, "none.onnx"))).rejects.toThrow(/none.onnx": there is no such file/);
    await expect(sum(folder)).rejects.toThrow(/directory/);
    await expect(sum(modelPath("module.pt"))).rejects.toThrow(/module.pt": it holds the Python object/);
  });

  it("opens nothing outside the model's folder, not by a path and not by a link", async () => {
    writeFileSync(join(folder, "external.data"), readFileSync(modelPath("external.data")));
    copyFileSync(modelPath("external.onnx"), join(inside, "model.onnx"));
    await expect(sum(join(inside, "model.onnx"))).rejects.toThrow(/"external.data" beside the model is missing/);
    symlinkSync(join(folder, "external.data"), join(inside, "external.data"));
    await expect(sum(join(inside, "model.onnx"))).rejects.toThrow(/not in the model's folder/);
    const escaped = Buffer.from(
      readFileSync(modelPath("external.onnx")).toString("latin1").replaceAll("external.data", "../extern.dat"),
      "latin1",
    );
    writeFileSync(join(inside, "escaped.onnx"), escaped);
    writeFileSync(join(folder, "extern.dat"), readFileSync(modelPath("external.data")));
    await expect(sum(join(inside, "escaped.onnx"))).rejects.toThrow(/"..\/extern.dat", which is not in the model's folder/);
  });
});
