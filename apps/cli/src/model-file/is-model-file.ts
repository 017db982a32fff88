import { closeSync, openSync, readSync } from "node:fs";
import { isArchitectureFile } from "@sonde/checkup/asked";

/** Whether MODEL is a model file by its name: ONNX, PyTorch, Keras, safetensors, or the JSON of TensorFlow.js, which is told from an architecture by what it begins with. */
export function isModelFile(model: string): boolean {
  return isArchitectureFile(model) && !/\.ya?ml$/i.test(model) && (!/\.json$/i.test(model) || holdsTopology(model));
}

/** Bytes of a JSON file in which its topology shows. */
const head = 4096;

function holdsTopology(path: string): boolean {
  try {
    const file = openSync(path, "r");
    try {
      const bytes = new Uint8Array(head);
      const text = new TextDecoder("latin1").decode(bytes.subarray(0, readSync(file, bytes, 0, head, 0)));
      return /"(modelTopology|weightsManifest)"/.test(text) && !/^\s*\{\s*"input"/.test(text);
    } finally {
      closeSync(file);
    }
  } catch {
    // What cannot be read is said where it is read as a model.
    return false;
  }
}
