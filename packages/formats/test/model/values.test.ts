import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ModelTensor } from "../../src/index.js";
import { fixture } from "../fixture.js";
import { readModel } from "./models.js";

/** Shapes and hashes of all tensors, as PyTorch, NumPy, onnx and h5py read them. */
const expected = fixture<Record<string, Record<string, { shape: number[]; hash: string }>>>("models.json");

function told({ shape, values }: ModelTensor) {
  const doubles = Float64Array.from(values() as ArrayLike<number | bigint>, Number);
  return { shape, hash: createHash("sha256").update(new Uint8Array(doubles.buffer)).digest("hex").slice(0, 16) };
}

describe("tensors hold what other programs read, bit for bit", () => {
  it.each(Object.keys(expected))("%s", async (name) => {
    const { tensors } = await readModel(name);
    const known = expected[name];
    const found = tensors.filter((tensor) => Object.hasOwn(known, tensor.name));
    for (const tensor of found) expect({ [tensor.name]: told(tensor) }).toEqual({ [tensor.name]: known[tensor.name] });
    // Initialisers that only shape computations use are gone from a folded graph.
    if (!name.endsWith(".onnx")) expect(tensors.map((tensor) => tensor.name).sort()).toEqual(Object.keys(known).sort());
  });

  it("in part too", async () => {
    for (const name of [
      "types.onnx",
      "state.pt",
      "mlp-bf16.safetensors",
      "tfjs-quantised",
      "functional.keras",
      "acasxu-1-1.onnx",
      "external.onnx",
    ]) {
      for (const tensor of (await readModel(name)).tensors) {
        const all = tensor.values();
        const half = Math.floor(all.length / 2);
        expect(tensor.values(half, all.length - half)).toEqual(all.slice(half));
      }
    }
  });
});
