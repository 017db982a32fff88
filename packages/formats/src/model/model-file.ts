import type { ElementType, NumericArray } from "../element-type.js";

/** The formats of model files that Sonde reads. */
export type ModelFormat = "onnx" | "safetensors" | "pytorch" | "keras" | "keras-h5" | "tfjs";

/** The size of an axis: a number, or the name of what is left open, such as the batch. */
export type Dimension = number | string;

/** A type of elements; what is no `ElementType` (text, complex numbers, 8-bit floats, 4-bit integers) is named but not decoded. */
export type TensorType = ElementType | (string & {});

/** A tensor of a model file: what it is, and its values when they are asked for. */
export interface ModelTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: TensorType;
  /** Where every element is this number: such a tensor takes no room however large it is. */
  readonly constant?: number;
  /** Where its elements lie one after the other, little-endian; absent where they do not, or where that is in no file. */
  readonly place?: StoredPlace;
  /**
   * `count` elements from `start` on in row-major order, by default all of them; decoded at every call. Throws `FormatError` for types that are not decoded, for more than 512 MiB, and where the bytes lie in another file that is missing.
   */
  readonly values: (start?: number, count?: number) => NumericArray;
}

/** A place in a file. */
export interface StoredPlace {
  /** The file beside the model, by its path from the model's folder; empty for the model's own. */
  readonly file: string;
  /** In bytes. */
  readonly offset: number;
}

/** An operator of a model's graph. */
export interface ModelNode {
  readonly name: string;
  /** What it does, in the words of the format: `Conv`, or in Keras `Conv2D`. */
  readonly operator: string;
  /** The set of operators that it is from; empty for the format's own. */
  readonly domain: string;
  /** Names of values and tensors, in order; empty where an optional one is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Of its outputs those that are within a function which the file defines of its own: the graph in the file has no such values. */
  readonly inner?: readonly string[];
}

/** An input or output of a model. */
export interface ModelValue {
  readonly name: string;
  /** Null where the file does not say. */
  readonly shape: readonly Dimension[] | null;
  readonly type: TensorType | null;
}

/** What a model file holds, whatever its format. */
export interface ModelFile {
  readonly format: ModelFormat;
  /** The version of the format, such as `IR 8, opset 17`. */
  readonly version: string;
  /** The program that wrote it; null where the file does not say. */
  readonly producer: string | null;
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  readonly tensors: readonly ModelTensor[];
  /** The operators in an order in which they can be computed; null for files of weights alone. */
  readonly nodes: readonly ModelNode[] | null;
  /** Shapes of values between operators, where they are known. */
  readonly shapes: Readonly<Record<string, readonly Dimension[]>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** What a reader of the file should know, in sentences. */
  readonly notes: readonly string[];
  /** The same model for inputs of these shapes, without open axes, so that what is computed of shapes is known; absent where the format has no such computations. */
  readonly withInputs?: (shapes: Readonly<Record<string, readonly number[]>>) => ModelFile;
}
