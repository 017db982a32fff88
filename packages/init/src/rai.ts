import { beta, integer, matrix, normals, split } from "@sonde/core";
import { fanIn } from "./layer-shape.js";
import type { Initialiser } from "./types.js";

/** sigma_w = -2 sqrt(2) / (3 sqrt(pi)) + sqrt(1 + 8 / (9 pi)): keeps the mean square of the signal from growing. */
export const RAI_SIGMA = -(2 * Math.SQRT2) / (3 * Math.sqrt(Math.PI)) + Math.sqrt(1 + 8 / (9 * Math.PI));

/**
 * Randomised asymmetric initialisation, which makes a unit of a ReLU network less likely to be born dead.
 *
 * Per output unit, over its fan_in weights and its bias: all fan_in + 1 entries are N(0, sigma_w^2 / fan_in), sigma_w = 0.6007...; one of them,
 * chosen uniformly, the bias included, is replaced by a Beta(2, 1) variate (density 2x on (0, 1)), not rescaled. Unit j takes the index of that
 * entry from draw j of `split(random, 2)`, the variate from draw j of `split(random, 3)`.
 *
 * Source: Lu, Shin, Su, Karniadakis, *Dying ReLU and Initialization: Theory and Numerical Examples*, arXiv 1903.06733, section 4.
 *
 * @example
 * rai().draw(stream(0), { kernel: [], inputs: 2, outputs: 3 }).bias.length // 3
 */
export function rai(): Initialiser {
  return {
    name: "rai",
    symmetry: "none",
    zeroBias: false,
    needsInput: false,
    draw: (random, shape) => {
      const { outputs } = shape;
      const weights = matrix(fanIn(shape), outputs);
      const bias = new Float64Array(outputs);
      normals(split(random, 0), weights.data);
      normals(split(random, 1), bias);
      const scale = RAI_SIGMA / Math.sqrt(weights.rows);
      for (let k = 0; k < weights.data.length; k++) weights.data[k] *= scale;
      for (let j = 0; j < outputs; j++) bias[j] *= scale;

      for (let j = 0; j < outputs; j++) {
        const chosen = integer(split(random, 2), j, weights.rows + 1);
        const variate = beta(split(random, 3), j, 2, 1);
        if (chosen < weights.rows) weights.data[chosen * outputs + j] = variate;
        else bias[j] = variate;
      }
      return { weights, bias };
    },
  };
}
