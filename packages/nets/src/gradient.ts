import { type Matrix, ShapeError } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import { joined, parted, sum } from "./layers/block.js";
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
 * `outputGradient` is `[points, size of output]`.
 *
 * Batch norm is differentiated in full. At kinks the derivative is the one from the left (ReLU at 0: 0); max-pooling follows the first of the
 * largest values. Plain float64 without rescaling: where values leave its range, so does the gradient.
 *
 * Throws `ShapeError` if parameters do not fit the architecture, points the input or `outputGradient` the outputs.
 *
 * @example
 * gradient(randomNetwork(mlp("2-8x3-1"), stream(0)), matrixFromRows([[1, 0]]), matrixFromRows([[1]])).inputs.cols // 2
 */
export function gradient(network: Network, inputs: Matrix, outputGradient: Matrix): Gradient {
  const layers = networkLayers(network);
  const outputs = size(layers[layers.length - 1]?.output ?? network.architecture.input);
  if (outputGradient.rows !== inputs.rows || outputGradient.cols !== outputs)
    throw new ShapeError(
      `the output gradient of ${inputs.rows} points with ${outputs} outputs is ${inputs.rows} x ${outputs}, got ${outputGradient.rows} x ${outputGradient.cols}`,
    );
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
    const { join } = shaped;
    if (join) {
      const recorded = shaped.branches.map((branch) => record(branch, x));
      return {
        output: joined(
          join,
          recorded.map(({ output }) => output),
        ),
        back: (dy) =>
          parted(join, dy)
            .map((part, k) => recorded[k].back(part))
            .reduce(sum),
      };
    }
    const operator = operatorOf(shaped, network.parameters);
    return {
      output: operator.forward(x),
      back: (dy) => {
        const result = operator.gradient(x, dy);
        if (shaped.parameters !== undefined && result.parameters) parameters[shaped.parameters] = result.parameters;
        return result.input;
      },
    };
  };

  const { back } = record(layers, inputPoints(network.architecture, inputs));
  const start = { ...outputGradient, data: Float64Array.from(outputGradient.data) };
  return { inputs: back(start), parameters };
}

interface Recorded {
  readonly output: Points;
  readonly back: (outputGradient: Points) => Points;
}
