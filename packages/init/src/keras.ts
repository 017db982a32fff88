import { independent } from "./independent.js";
import type { Initialiser } from "./types.js";
import { glorot } from "./variance-rules.js";

/**
 * Keras's default for dense and convolutional layers: Glorot uniform weights, on +-sqrt(6 / (fan_in + fan_out)), and zero biases.
 *
 * Source: `keras.layers.Dense` and `keras.layers.Conv2D`, `kernel_initializer="glorot_uniform"`, `bias_initializer="zeros"`.
 *
 * @example
 * keras().law?.({ kernel: [], inputs: 5, outputs: 5 }).weightVariance // 1
 */
export function keras(): Initialiser {
  return independent("keras", "uniform", glorot, { kind: "zeros" });
}
