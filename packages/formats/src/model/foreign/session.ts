import type { ModelTensor, TensorType } from "../model-file.js";

/** A value that goes into a foreign run, or comes out of it: numbers, and of 64-bit integers what a number holds of them. */
export interface ForeignTensor {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/** Numbers in place of those of a tensor in a file, in the same order and type. */
export interface RewrittenTensor {
  readonly tensor: ModelTensor;
  readonly data: Float64Array;
}

/** A model that another program holds and runs. */
export interface ForeignSession {
  /** What else than the model's own outputs it gives, and these, where they are real numbers. */
  readonly outputs: readonly string[];
  /** Of the outputs those that are named. Throws as `open` does. */
  readonly run: (inputs: readonly ForeignTensor[], wanted: readonly string[]) => Promise<ForeignTensor[]>;
  /** Puts other numbers in place of tensors of the file, for the runs that follow. */
  readonly rewrite: (tensors: readonly RewrittenTensor[]) => Promise<void>;
}

/** A program that runs models which Sonde does not run itself. */
export interface ForeignProgram {
  /** Its name and version. */
  readonly name: string;
  /** Opens the model with these values among its outputs; what was open before is closed. Throws `FormatError` with one sentence where the program refuses it, `ConfigError` where it fails. */
  readonly open: (exposed: readonly string[]) => Promise<ForeignSession>;
}
