import type { Dimension, ModelFile, ModelTensor } from "../model-file.js";

/** What a layer does, whatever the format calls it. */
export type LayerKind =
  | "dense"
  | "conv"
  | "conv-transpose"
  | "embedding"
  | "attention"
  | "recurrent"
  | "norm"
  | "activation"
  | "pool"
  | "add"
  | "concat"
  | "multiply"
  | "scale-shift"
  | "arithmetic"
  | "reduce"
  | "flatten"
  | "reshape"
  | "transpose"
  | "select"
  | "pad"
  | "upsample"
  | "dropout"
  | "other";

/** A layer of a model file: one operator or several that are one thing, such as a product and its bias. */
export interface ModelLayer {
  /** The module's own name where the file tells it (`layer2.0.conv1`), else that of its operator. */
  readonly name: string;
  readonly kind: LayerKind;
  /** Names of the values that it takes, weights left out, and puts out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Names of its tensors by what they are: weight, bias, scale, shift, mean, variance and so on. */
  readonly weights: Readonly<Record<string, string>>;
  /** Inputs and outputs that one weight of `weight` joins, as initialisers count them. */
  readonly fans?: { readonly in: number; readonly out: number };
  /** What else describes it: units, kernel, strides, the activation's name and so on. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Shape of its first output, where it is known. */
  readonly shape: readonly Dimension[] | null;
  /** Names of the operators that it stands for. */
  readonly operators: readonly string[];
  /** Why Sonde does not know what it computes, in a sentence; absent where it does. */
  readonly unsupported?: string;
}

/** A layer under construction: what may be left out has a default. */
export type LayerParts = Pick<ModelLayer, "kind"> &
  Partial<Pick<ModelLayer, "inputs" | "weights" | "options" | "fans" | "unsupported" | "name">>;

/** Tensors by name. */
export function tensorsByName({ tensors }: Pick<ModelFile, "tensors">): ReadonlyMap<string, ModelTensor> {
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}

/** Fans of a kernel [out, in, ...positions], as PyTorch lays them out. */
export function fansOfRows([out, inputs, ...positions]: readonly number[]): { in: number; out: number } {
  const field = positions.reduce((product, size) => product * size, 1);
  return { in: inputs * field, out: out * field };
}

/** Fans of a kernel [...positions, in, out], as Keras lays them out. */
export function fansOfColumns(shape: readonly number[]): { in: number; out: number } {
  const [inputs, out] = shape.slice(-2);
  const field = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return { in: inputs * field, out: out * field };
}
