import type { Matrix, Stream } from "@sonde/core";

/**
 * The shape of a layer's weights. Dense layers have `kernel: []`; a 2-d convolution has `kernel: [height, width]`.
 * fan_in = product(kernel) * inputs, fan_out = product(kernel) * outputs.
 */
export interface LayerShape {
  readonly kernel: readonly number[];
  /** Input units (dense) or channels (convolution). */
  readonly inputs: number;
  /** Output units (dense) or channels (convolution). */
  readonly outputs: number;
}

/** The parameters of one layer: `weights` is `[fan_in, outputs]` (rows ordered by kernel position, then input channel), `bias` is `[outputs]`. */
export interface LayerParameters {
  readonly weights: Matrix<Float64Array>;
  readonly bias: Float64Array;
}

/**
 * How the parameters of a layer are drawn.
 *
 * `random` is the layer's own stream: by convention weights come from `split(random, 0)`, biases from `split(random, 1)`, further needs from
 * `split(random, 2)` on; entry (i, j) of the weights uses draw `i * outputs + j`.
 */
export interface Initialiser {
  /** Name on the command line. */
  readonly name: string;
  /**
   * The law of the entries where it is i.i.d. and centred: variance of a weight times its fan-in, and the variance of a bias, for the given shape. Engines that draw
   * weights themselves read it; absent for laws that are not of this form.
   */
  readonly law?: (shape: LayerShape) => {
    readonly distribution: "normal" | "uniform";
    readonly weightVariance: number;
    readonly biasVariance: number;
  };
  /**
   * What bounds on neuron death rest on. `entries`: weights and biases are independent, symmetric about 0 and continuous (biases may be all zero). `units`: negating weights and bias of any units leaves the
   * law as it is, up to a positive factor on a layer without biases, so that at one input the units' signs are independent and fair. `none`: neither.
   */
  readonly symmetry: "entries" | "units" | "none";
  /** Whether every bias is 0, so that a layer is positively homogeneous. */
  readonly zeroBias: boolean;
  /** Data-dependent initialisers (LSUV, sign flip) need `layerInput`, the activations `[points, fan_in]` that arrive at this layer (im2col rows for convolutions), and the activation that follows. */
  readonly needsInput: boolean;
  /** Whether a positive factor on the layer's input changes nothing about the draw, so that powers of two may be taken out of it; only asked of those that need it. */
  readonly scaleFree?: boolean;
  readonly draw: (random: Stream, shape: LayerShape, context?: InitialiserContext) => LayerParameters;
}

/** What a data-dependent initialiser may look at. */
export interface InitialiserContext {
  /** Inputs of this layer, `[points * positions, fan_in]`; `positions` is 1 for dense layers. */
  readonly layerInput?: Matrix;
  readonly positions?: number;
  /**
   * What the next activation, and a norm before it, make of this layer's outputs: `[points * positions, outputs]` to the same shape. Absent where no activation follows, as after the output
   * layer.
   */
  readonly respond?: (z: Matrix<Float64Array>) => Matrix;
  /** Which points are still alive before this layer, for sign flipping; all when absent. */
  readonly living?: readonly boolean[];
}
