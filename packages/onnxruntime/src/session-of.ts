import { ConfigError } from "@sonde/core";
import type { ForeignSession, ForeignTensor } from "@sonde/formats";
import type { Answer, Frame, Question } from "./protocol.js";

/** The session of a model that is open elsewhere, where questions are answered. */
export function sessionOf(
  ask: (question: Question, blobs: readonly Uint8Array[]) => Promise<Frame<Answer>>,
  opened: Answer,
): ForeignSession {
  const outputs = "outputs" in opened ? opened.outputs : [];
  return {
    outputs: outputs.filter(({ type }) => /^float(16|32|64)$/.test(type)).map(({ name }) => name),
    async run(inputs, wanted) {
      const described = inputs.map(({ name, type, shape }) => ({ name, type, shape }));
      const values = inputs.map(({ data }) => bytesOf(Float64Array.from(data)));
      return tensorsOf(await ask({ ask: "run", inputs: described, wanted }, values));
    },
    async rewrite(tensors) {
      const places = tensors.map(({ tensor: { name, place } }) => {
        if (!place) throw new ConfigError(`the numbers of ${name} do not lie in the file one after the other`);
        return place;
      });
      const bytes = tensors.map(({ tensor: { type }, data }) => bytesOf(type === "float64" ? data : Float32Array.from(data)));
      await ask({ ask: "rewrite", places }, bytes);
    },
  };
}

/** Numbers as their bytes. Files are little-endian, as every machine is that onnxruntime runs on. */
function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function tensorsOf({ head, blobs }: Frame<Answer>): ForeignTensor[] {
  if (!("tensors" in head)) return [];
  return head.tensors.map(({ name, type, shape }, k) => {
    const { buffer, byteOffset, byteLength } = blobs[k];
    return type === "float64"
      ? { name, type, shape, data: new Float64Array(buffer, byteOffset, byteLength / 8) }
      : { name, type: "float32", shape, data: new Float32Array(buffer, byteOffset, byteLength / 4) };
  });
}
