import type { Architecture } from "./architecture.js";
import { inferShapes, type ShapedLayer, size } from "./shapes.js";

/**
 * The number of trainable values: weights and biases of every dense layer and convolution (biases that start at zero too), and the weights of an
 * embedding.
 *
 * @example
 * parameterCount(mlp("784-128x2-10")) // 118282
 */
export function parameterCount(architecture: Architecture): number {
  return total(inferShapes(architecture));
}

/** The parameters of these layers and all inside them. */
export function total(layers: readonly ShapedLayer[]): number {
  return layers.reduce((sum, shaped) => sum + own(shaped) + total(shaped.branches.flat()), 0);
}

function own({ layer, weights }: ShapedLayer): number {
  if (!weights) return 0;
  return size(weights.kernel) * weights.inputs * weights.outputs + (layer.kind === "embedding" ? 0 : weights.outputs);
}
