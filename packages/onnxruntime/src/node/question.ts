import type { Question } from "../protocol.js";

/** What the child is asked: first to load a model. */
export type ChildQuestion = Question | Opening;

export interface Opening {
  readonly ask: "open";
  /** The folder of onnxruntime-node. */
  readonly program: string;
  readonly model: string;
  /** Files beside the model, by the names that it has for them. */
  readonly beside: readonly { readonly name: string; readonly path: string }[];
  /** Bytes of memory that it may take. */
  readonly memory: number;
  /** Milliseconds between looks at it. */
  readonly every: number;
}
