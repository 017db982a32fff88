import type { Matrix } from "@sonde/core";
import type { HiddenLayer } from "./hidden-layers.js";

/** What comes out of one layer of one network for a batch of points. */
export interface LayerOutput {
  /** Where the layer stands in the description, such as `layers[3].body[0]`. */
  readonly path: string;
  /** Kind of the layer. */
  readonly kind: string;
  /** Shape of one point. */
  readonly shape: readonly number[];
  /** `[points, size of shape]`; the true activations are these times 2^exponent. */
  readonly activations: Matrix<Float64Array>;
  /** 0 unless the network is positively homogeneous and its values would soon leave float64's range. */
  readonly exponent: number;
}

/** What comes out of a hidden layer. */
export type Observation = LayerOutput & HiddenLayer;

/** Called for every hidden layer in order, and for every layer (inside blocks too) where more than the hidden layers is wanted. */
export interface Observers<Extra = unknown> {
  readonly observe?: (observation: Observation & Extra) => void;
  readonly trace?: (output: LayerOutput & Extra) => void;
}
