import { ConfigError } from "@sonde/core";
import { exposing, type ForeignProgram, type ForeignSession, type ForeignTensor } from "@sonde/formats";
import { onnxFiles } from "@sonde/formats/node";
import type { Frame } from "../frames.js";
import type { Answer } from "../protocol.js";
import { type Child, startChild } from "./child-process.js";
import type { InstalledRuntime } from "./installed.js";

export interface OnnxruntimeOptions {
  /** Ends it at once. */
  readonly signal?: AbortSignal;
  /** Milliseconds that it may take to load the model, or to run it once. Default 120,000. */
  readonly patience?: number;
  /** Bytes of memory that it may take beside three times the model's own. Default 2 GiB. */
  readonly memory?: number;
}

/** A program that must be closed. */
export interface Onnxruntime extends ForeignProgram {
  readonly close: () => void;
}

/** Milliseconds between looks at the memory. */
const every = 50;

/**
 * Runs an ONNX file by an onnxruntime-node that is installed, in a process of its own and on one thread: a crash, too much memory or no answer is a `ConfigError` with one sentence, what it refuses a `FormatError`. Files beside the model are given to it from the model's folder, and nothing else is opened.
 *
 * Source: ONNX Runtime, *JavaScript API*; the groundwork is told in `exposing`.
 */
export function onnxruntime(
  model: string,
  { folder, version }: InstalledRuntime,
  { signal, patience = 120_000, memory = 2 ** 31 }: OnnxruntimeOptions = {},
): Onnxruntime {
  const name = `onnxruntime-node ${version}`;
  let child: Child | undefined;
  const close = () => {
    child?.end();
    child = undefined;
  };
  return {
    name,
    close,
    async open(exposed) {
      close();
      const { path, beside } = await onnxFiles(model);
      const started = startChild({ name, patience, memory, ...(signal && { signal }) });
      child = started;
      const question = { ask: "open", program: folder, model: path, beside, memory, every } as const;
      const { head } = await started.ask(question, [exposing(exposed)]);
      return sessionOf(started, "outputs" in head ? head.outputs : []);
    },
  };
}

function sessionOf(child: Child, outputs: readonly { readonly name: string; readonly type: string }[]): ForeignSession {
  return {
    outputs: outputs.filter(({ type }) => /^float(16|32|64)$/.test(type)).map(({ name }) => name),
    async run(inputs, wanted) {
      const described = inputs.map(({ name, type, shape }) => ({ name, type, shape }));
      return tensorsOf(
        await child.ask(
          { ask: "run", inputs: described, wanted },
          inputs.map(({ data }) => bytesOf(Float64Array.from(data))),
        ),
      );
    },
    async rewrite(tensors) {
      const places = tensors.map(({ tensor: { name, place } }) => {
        if (!place) throw new ConfigError(`the numbers of ${name} do not lie in the file one after the other`);
        return place;
      });
      const bytes = tensors.map(({ tensor: { type }, data }) => bytesOf(type === "float64" ? data : Float32Array.from(data)));
      await child.ask({ ask: "rewrite", places }, bytes);
    },
  };
}

/** Numbers as their bytes. Files are little-endian, as every machine is that onnxruntime-node runs on. */
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
