import { type Matrix, ShapeError } from "@sonde/core";
import { carry } from "./carry.js";
import { operatorOf } from "./layers/operator-of.js";
import { inputPoints, isHomogeneousNetwork, type Network, networkLayers } from "./network.js";
import type { Observers } from "./observation.js";
import { joinedScaled, rescale, type Scaled, unscaled } from "./scaled.js";
import type { ShapedLayer } from "./shapes.js";
import { show } from "./walk.js";

/** The tangents that an observer gets beside the activations. */
export interface Tangents {
  /** Same shape as `activations`; the true tangents are these times 2^tangentExponent. */
  readonly tangents: Matrix<Float64Array>;
  readonly tangentExponent: number;
}

export interface TangentOptions extends Observers<Tangents> {
  /**
   * Tangent of batch norm: `frozen` (default) divides by sqrt(variance + epsilon) only, the statistics being constants; `full` is the derivative
   * with respect to the whole batch.
   */
  readonly batchNorm?: "frozen" | "full";
}

/**
 * The outputs of a network and their derivatives in the given directions (Jacobian-vector product), one direction for each point:
 * dy = (df/dx) dx. `[points, size of input]` twice `-> [points, size of output]` twice.
 *
 * Derivatives at a kink are those from the left (ReLU at 0: 0), of max-pooling those of the first of the largest values. The tangents are linear
 * in the directions, so powers of two are taken out of them in every network; observers get `tangentExponent`.
 *
 * Throws `ShapeError` if parameters do not fit the architecture, or points or directions the input.
 *
 * @example
 * tangent(randomNetwork(mlp("2-8x3-1"), stream(0)), matrixFromRows([[1, 0]]), matrixFromRows([[0, 1]])).tangents.cols // 1
 */
export function tangent(
  network: Network,
  inputs: Matrix,
  directions: Matrix,
  options: TangentOptions = {},
): { outputs: Matrix<Float64Array>; tangents: Matrix<Float64Array> } {
  return tangentThrough(networkLayers(network), network, { inputs, directions }, options);
}

/** The same through the first layers of a network alone. */
export function tangentThrough(
  layers: readonly ShapedLayer[],
  network: Network,
  { inputs, directions }: { readonly inputs: Matrix; readonly directions: Matrix },
  { batchNorm = "frozen", ...observers }: TangentOptions,
): { outputs: Matrix<Float64Array>; tangents: Matrix<Float64Array> } {
  if (directions.rows !== inputs.rows)
    throw new ShapeError(`every point needs one direction, got ${inputs.rows} points and ${directions.rows} directions`);
  const settle = isHomogeneousNetwork(network, layers) ? rescale : (value: Scaled) => value;
  const start = (points: Matrix): Scaled => ({ values: inputPoints(network.architecture, points), exponent: 0 });
  const [y, dy] = carry<Pair>(layers, [settle(start(inputs)), rescale(start(directions))], {
    operate(shaped, [x, dx]) {
      const operator = operatorOf(shaped, network, batchNorm === "frozen");
      return [
        { values: operator.forward(x.values), exponent: x.exponent },
        { values: operator.tangent(x.values, dx.values), exponent: dx.exponent },
      ];
    },
    join: (_, join, ends) => [
      joinedScaled(
        join,
        ends.map(([y]) => y),
      ),
      joinedScaled(
        join,
        ends.map(([, dy]) => dy),
      ),
    ],
    finish(shaped, [x, dx]) {
      const result: Pair = [settle(x), rescale(dx)];
      show(observers, shaped, record(result));
      return result;
    },
  });
  return { outputs: unscaled(y), tangents: unscaled(dy) };
}

/** A point and its tangent. */
type Pair = readonly [Scaled, Scaled];

function record([x, dx]: Pair) {
  return { activations: x.values, exponent: x.exponent, tangents: dx.values, tangentExponent: dx.exponent };
}
