import { activation } from "@sonde/core";
import type { Architecture } from "./architecture.js";
import { layerInitialiser } from "./layer-initialiser.js";
import { inferShapes, type ShapedLayer } from "./shapes.js";

/**
 * Whether every random network of this architecture is positively homogeneous, f(c x) = c f(x) for c > 0: biases that are always 0, no norm, activations such as ReLU.
 * Such a network is fixed by its values on rays from 0.
 *
 * @example
 * isHomogeneous(mlp("1-2x9-1")) // true
 */
export function isHomogeneous(architecture: Architecture): boolean {
  return isHomogeneousPart(inferShapes(architecture));
}

/** The same of some of its layers. */
export function isHomogeneousPart(layers: readonly ShapedLayer[]): boolean {
  return areHomogeneous(layers) && areUnbiased(layers);
}

/** Whether no layer breaks f(c x) = c f(x), biases aside. */
export function areHomogeneous(layers: readonly ShapedLayer[]): boolean {
  return layers.every(
    ({ layer, branches }) =>
      layer.kind !== "norm" &&
      layer.kind !== "softmax" &&
      (layer.kind !== "activation" || activation(layer.activation).homogeneous) &&
      branches.every(areHomogeneous),
  );
}

function areUnbiased(layers: readonly ShapedLayer[]): boolean {
  return layers.every(
    ({ layer, weights, branches }) => (!weights || layerInitialiser(layer).zeroBias) && branches.every(areUnbiased),
  );
}
