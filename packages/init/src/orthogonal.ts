import { split } from "@sonde/core";
import { type Bias, drawBias, isZeroBias } from "./bias.js";
import { haar } from "./haar.js";
import { fanIn } from "./layer-shape.js";
import type { Initialiser } from "./types.js";

/** Options of the orthogonal initialisers. */
export interface OrthogonalOptions {
  /** Squared gain, > 0: the squared length of a row or column of the weights. Default 1. */
  readonly gainSquared?: number;
  /** Default zeros; `like-weights` is normal with the mean variance of a weight. */
  readonly bias?: Bias;
}

/**
 * Haar-distributed orthogonal weights: W = gain Q, Q a corner of a uniformly random orthogonal matrix of size max(fan_in, outputs).
 *
 * The columns of Q are orthonormal where fan_in >= outputs, its rows where fan_in <= outputs; each entry has variance
 * gain^2 / max(fan_in, outputs). A convolution's weights are the flattened `[fan_in, outputs]` matrix, as in Keras and PyTorch, which does not
 * make the convolution an isometry: `deltaOrthogonal` does.
 *
 * Source: Saxe, McClelland, Ganguli, *Exact solutions to the nonlinear dynamics of learning in deep linear neural networks*, ICLR 2014.
 *
 * @example
 * const { weights } = orthogonal({ gainSquared: 4 }).draw(stream(0), { kernel: [], inputs: 2, outputs: 1 });
 * weights.data // [1.036654096..., -1.710364956...]
 */
export function orthogonal({ gainSquared = 1, bias = { kind: "zeros" } }: OrthogonalOptions = {}): Initialiser {
  return {
    name: "orthogonal",
    symmetry: "units",
    zeroBias: isZeroBias(bias),
    needsInput: false,
    draw: (random, shape) => {
      const weights = haar(split(random, 0), fanIn(shape), shape.outputs);
      const gain = Math.sqrt(gainSquared);
      for (let k = 0; k < weights.data.length; k++) weights.data[k] *= gain;
      const entry = { distribution: "normal", variance: gainSquared / Math.max(weights.rows, weights.cols) } as const;
      return { weights, bias: drawBias(bias, entry, random, shape.outputs) };
    },
  };
}
