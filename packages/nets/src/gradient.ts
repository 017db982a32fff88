import { type Matrix, ShapeError } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import { join, sum, unjoin } from "./layers/block.js";
import type { Points } from "./layers/operator.js";
import { operatorOf } from "./layers/operator-of.js";
import { inputPoints, type Network, networkLayers } from "./network.js";
import { type ShapedLayer, size } from "./shapes.js";

/** Derivatives of `<outputGradient, f(x)>`. */
export interface Gradient {
  /** By the parameters, in the order and shapes of `network.parameters`. */
  readonly parameters: readonly LayerParameters[];
  /** By the inputs, `[points, size of input]`. */
  readonly inputs: Matrix<Float64Array>;
}

/**
 * The derivative of `sum over points and outputs of outputGradient * f(x)` by all parameters and inputs (vector-Jacobian product, reverse mode).
 * `outputGradient` is `[points, size of output]`, or a function of the outputs that makes it, such as the derivative of a loss: then one pass forward serves both.
 *
 * Batch norm is differentiated in full. At kinks the derivative is the one from the left (ReLU at 0: 0); max-pooling follows the first of the
 * largest values. Plain float64 without rescaling: where values leave its range, so does the gradient.
 *
 * Throws `ShapeError` if parameters do not fit the architecture, points the input or `outputGradient` the outputs.
 *
 * @example
 * gradient(randomNetwork(mlp("2-8x3-1"), stream(0)), matrixFromRows([[1, 0]]), matrixFromRows([[1]])).inputs.cols // 2
 */
export function gradient(
  network: Network,
  inputs: Matrix,
  outputGradient: Matrix | ((outputs: Matrix<Float64Array>) => Matrix),
): Gradient {
  const layers = networkLayers(network);
  const outputs = size(layers[layers.length - 1]?.output ?? network.architecture.input);
  const parameters: LayerParameters[] = [];

  /** Runs layers forward; `back` takes the gradient at their end to their start and fills `parameters` on the way. */
  const record = (layers: readonly ShapedLayer[], start: Points): Recorded => {
    let output = start;
    const backs = layers.map((shaped) => {
      const recorded = apply(shaped, output);
      output = recorded.output;
      return recorded.back;
    });
    return { output, back: (dy) => backs.reduceRight((d, back) => back(d), dy) };
  };

  const apply = (shaped: ShapedLayer, x: Points): Recorded => {
    const channels = (shape: readonly number[]) => shape[shape.length - 1];
    switch (shaped.layer.kind) {
      case "residual": {
        const { output, back } = record(shaped.body, x);
        return { output: sum(x, output), back: (dy) => sum(dy, back(dy)) };
      }
      case "concat": {
        const { output, back } = record(shaped.body, x);
        const p = channels(shaped.input);
        const q = channels(shaped.output) - p;
        return {
          output: join(x, output, p),
          back: (dy) => {
            const [da, db] = unjoin(dy, p, q);
            return sum(da, back(db));
          },
        };
      }
      default: {
        const operator = operatorOf(shaped, network.parameters);
        return {
          output: operator.forward(x),
          back: (dy) => {
            const result = operator.gradient(x, dy);
            if (shaped.parameters !== undefined && result.parameters) parameters[shaped.parameters] = result.parameters;
            return result.input;
          },
        };
      }
    }
  };

  const { output, back } = record(layers, inputPoints(network.architecture, inputs));
  const given = typeof outputGradient === "function" ? outputGradient(output) : outputGradient;
  if (given.rows !== inputs.rows || given.cols !== outputs)
    throw new ShapeError(
      `the output gradient of ${inputs.rows} points with ${outputs} outputs is ${inputs.rows} x ${outputs}, got ${given.rows} x ${given.cols}`,
    );
  return { inputs: back({ ...given, data: Float64Array.from(given.data) }), parameters };
}

interface Recorded {
  readonly output: Points;
  readonly back: (outputGradient: Points) => Points;
}
