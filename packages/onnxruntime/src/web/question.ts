import type { Answer, Question } from "../protocol.js";

/** What the worker is asked: first to load onnxruntime-web, then to load a model. */
export type WorkerQuestion = Question | Starting | Opening;

export interface Starting {
  readonly ask: "start";
  /** The address of its WebAssembly. */
  readonly wasm: string;
  /** Bytes of memory that it may take. */
  readonly memory: number;
}

export interface Opening {
  readonly ask: "open";
  readonly model: Blob;
  /** Files beside the model, by the names that it has for them. */
  readonly beside: readonly { readonly name: string; readonly file: Blob }[];
}

/** `loaded` comes before an answer, as often as there is something to tell; `failed` is why the worker cannot go on. */
export type WorkerAnswer =
  | Answer
  | { readonly loaded: number }
  | { readonly started: string }
  | { readonly failed: "memory" | (string & {}) };
