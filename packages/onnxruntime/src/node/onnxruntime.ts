import { exposing, type ForeignProgram } from "@sonde/formats";
import { onnxFiles } from "@sonde/formats/node";
import { sessionOf } from "../session-of.js";
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
      return sessionOf(started.ask, head);
    },
  };
}
