/** What onnxruntime is asked of a model that is open, one after the other; each question has one answer. */
export type Question =
  | { readonly ask: "rewrite"; readonly places: readonly Rewritten[] }
  | { readonly ask: "run"; readonly inputs: readonly Described[]; readonly wanted: readonly string[] };

/** Where the bytes of a blob go: into the model, or the file beside it of that name. */
export interface Rewritten {
  readonly file: string;
  readonly offset: number;
}

/** A tensor whose elements are in a blob: going in as float64 whatever its type, coming out as float32 or float64. */
export interface Described {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
}

export type Answer =
  | { readonly outputs: readonly { readonly name: string; readonly type: string }[] }
  | { readonly tensors: readonly Described[] }
  | { readonly refused: string };

/** A question or an answer, and the numbers that belong to it. */
export interface Frame<Head> {
  readonly head: Head;
  readonly blobs: readonly Uint8Array[];
}
