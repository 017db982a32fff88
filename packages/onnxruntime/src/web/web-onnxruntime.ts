import { ConfigError, FormatError, quote } from "@sonde/core";
import { exposing, externalFiles, type ForeignProgram } from "@sonde/formats";
import { sessionOf } from "../session-of.js";
import { firstLine, messageOf, notRunItself } from "../words.js";
import { type AskedWorker, startWorker, type WorkerLike } from "./start-worker.js";

/** An ONNX model, and the files that may be beside it by their names. */
export interface ModelFiles {
  readonly model: Uint8Array;
  readonly beside?: Readonly<Record<string, Uint8Array>>;
}

export interface WebOnnxruntimeOptions {
  /** Starts a worker that `onnxruntimeServer` answers in. */
  readonly createWorker: () => WorkerLike;
  /** The address of `ort-wasm-simd-threaded.wasm` of the onnxruntime-web that the worker loads. */
  readonly wasm: string;
  /** Operators that need it, for the sentence where it is not there. */
  readonly operators?: readonly string[];
  /** Told how many bytes of its WebAssembly have come. */
  readonly loaded?: (bytes: number) => void;
  /** Ends it at once. */
  readonly signal?: AbortSignal;
  /** Milliseconds that it may take to load the model, or to run it once, and that nothing may come of itself. Default 120,000. */
  readonly patience?: number;
  /** Bytes of memory that it may take beside three times the model's own, 4 GiB at most with these. Default 2 GiB. */
  readonly memory?: number;
}

/** A program that must be closed. */
export interface WebOnnxruntime extends ForeignProgram {
  readonly close: () => void;
}

/** What WebAssembly can address. */
const mostMemory = 2 ** 32;

/**
 * Runs an ONNX file by onnxruntime-web in a worker of its own, on one thread: what it refuses is a `FormatError` with one sentence; a crash, too much memory or no answer a `ConfigError`, and the worker is ended. It is there, compiled, where the promise is kept. Of the files beside it the model gets those that it names.
 *
 * Throws `ConfigError` where onnxruntime-web cannot be loaded, `FormatError` where a file beside the model is missing.
 *
 * Source: ONNX Runtime, *JavaScript API*; the groundwork is told in `exposing`.
 */
export async function webOnnxruntime(
  { model, beside = {} }: ModelFiles,
  { createWorker, wasm, operators = [], loaded, signal, patience = 120_000, memory = 2 ** 31 }: WebOnnxruntimeOptions,
): Promise<WebOnnxruntime> {
  const named = externalFiles(model).map((name) => {
    if (!Object.hasOwn(beside, name))
      throw new FormatError(`the file ${quote(name)} beside the model is missing: give it together with the model`);
    return { name, file: new Blob([plain(beside[name])]) };
  });
  const bytes = named.reduce((sum, { file }) => sum + file.size, model.length);
  const most = Math.min(memory + 3 * bytes, mostMemory);
  let name = "onnxruntime-web";
  let worker: AskedWorker;
  try {
    const options = { name: () => name, patience, memory: most, ...(signal && { signal }), ...(loaded && { loaded }) };
    worker = startWorker(createWorker, options);
    name = `${name} ${await worker.start({ ask: "start", wasm, memory: most })}`;
  } catch (error) {
    signal?.throwIfAborted();
    const begin = operators.length > 0 ? `${notRunItself(operators)}, and onnxruntime-web, which does,` : "onnxruntime-web";
    throw new ConfigError(`${begin} could not be loaded: ${firstLine(messageOf(error))}`);
  }
  return {
    name,
    close: worker.end,
    async open(exposed) {
      const whole = new Blob([plain(model), exposing(exposed)]);
      const { head } = await worker.ask({ ask: "open", model: whole, beside: named });
      return sessionOf(worker.ask, head);
    },
  };
}

/** Bytes that a blob takes: none that threads share. */
function plain(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : Uint8Array.from(bytes);
}
