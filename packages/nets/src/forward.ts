import type { Matrix } from "@sonde/core";
import { hiddenLayer } from "./hidden-layers.js";
import { operatorOf } from "./layers/operator-of.js";
import { inputPoints, isHomogeneous, type Network } from "./network.js";
import type { Observers } from "./observation.js";
import { joinScaled, rescale, type Scaled, sumScaled, unscaled } from "./scaled.js";
import { inferShapes, type ShapedLayer } from "./shapes.js";

/**
 * The outputs of a network for a batch of points, in plain float64; this function defines what an architecture means.
 * `[points, size of input] -> [points, size of output]`, the values of a point flattened row-major with the channels last.
 *
 * `observe` is called at every hidden layer in order, `trace` after every layer. In positively homogeneous networks (no bias, no norm, activations
 * such as ReLU) powers of two are taken out exactly before values leave float64's range, and observers get the `exponent`: a deep network that
 * shrinks its signal does not look dead. The returned outputs have their true scale and may round to 0 or infinity.
 *
 * Throws `ShapeError` if the points do not fit the input.
 *
 * @example
 * forward(randomNetwork(mlp("2-8x3-1"), stream(0)), matrixFromRows([[1, 0], [0, 1]])).rows // 2
 */
export function forward(network: Network, inputs: Matrix, { observe, trace }: Observers = {}): Matrix<Float64Array> {
  const layers = inferShapes(network.architecture);
  const settle = isHomogeneous(network, layers) ? rescale : (value: Scaled) => value;

  const run = (layers: readonly ShapedLayer[], start: Scaled): Scaled =>
    layers.reduce((value, shaped) => {
      const result = settle(apply(shaped, value));
      const output = {
        path: shaped.path,
        kind: shaped.layer.kind,
        shape: shaped.output,
        activations: result.values,
        exponent: result.exponent,
      };
      trace?.(output);
      if (shaped.hidden !== undefined) observe?.({ ...output, ...hiddenLayer(shaped, shaped.hidden) });
      return result;
    }, start);

  const apply = (shaped: ShapedLayer, x: Scaled): Scaled => {
    switch (shaped.layer.kind) {
      case "residual":
        return sumScaled(x, run(shaped.body, x));
      case "concat":
        return joinScaled(x, run(shaped.body, x), shaped.input[shaped.input.length - 1]);
      default:
        return { values: operatorOf(shaped, network.parameters).forward(x.values), exponent: x.exponent };
    }
  };

  return unscaled(run(layers, settle({ values: inputPoints(network.architecture, inputs), exponent: 0 })));
}
