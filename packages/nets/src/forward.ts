import type { Matrix } from "@sonde/core";
import type { Points } from "./layers/operator.js";
import { operatorOf } from "./layers/operator-of.js";
import { inputPoints, isHomogeneousNetwork, type Network, networkLayers } from "./network.js";
import type { Observers } from "./observation.js";
import type { ShapedLayer } from "./shapes.js";
import { walk } from "./walk.js";

/**
 * The outputs of a network for a batch of points, in plain float64; this function defines what an architecture means.
 * `[points, size of input] -> [points, size of output]`, the values of a point flattened row-major with the channels last.
 *
 * `observe` is called at every hidden layer in order, `trace` after every layer. In positively homogeneous networks (no bias, no norm, activations
 * such as ReLU) powers of two are taken out exactly before values leave float64's range, and observers get the `exponent`: a deep network that
 * shrinks its signal does not look dead. The returned outputs have their true scale and may round to 0 or infinity.
 *
 * Throws `ShapeError` if parameters do not fit the architecture or points the input.
 *
 * @example
 * forward(randomNetwork(mlp("2-8x3-1"), stream(0)), matrixFromRows([[1, 0], [0, 1]])).rows // 2
 */
export function forward(network: Network, inputs: Matrix, observers: Observers = {}): Matrix<Float64Array> {
  return forwardThrough(networkLayers(network), network, inputs, observers);
}

/** The same through the first layers of a network alone. */
export function forwardThrough(
  layers: readonly ShapedLayer[],
  network: Network,
  inputs: Matrix,
  observers: Observers,
): Matrix<Float64Array> {
  const operate = (shaped: ShapedLayer, x: Points) => operatorOf(shaped, network).forward(x);
  const homogeneous = isHomogeneousNetwork(network, layers);
  return walk({ layers, operate, homogeneous }, inputPoints(network.architecture, inputs), observers);
}
