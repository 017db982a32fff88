import { type Matrix, matrix, ShapeError } from "@sonde/core";
import { type Network, size, tangent } from "@sonde/nets";
import { localVni } from "./local-vni.js";

/**
 * The local VNI of every hidden layer of a network at one input, from its exact Jacobians: `[inputs] -> [hidden layers]`; NaN where the Jacobian is 0, as in a dead layer. Batch norm is taken with statistics that do not
 * depend on the input (`frozen`), which at a single point divides by sqrt(epsilon) alone.
 *
 * Throws `ShapeError` if the input does not fit the network.
 *
 * @example
 * const net = randomNetwork(mlp("8-8x3-1", { activation: "linear", init: "orthogonal" }), stream(0));
 * networkLocalVni(net, new Float64Array(8).fill(1)).map((value) => value.toFixed(6)) // ["0.125000", "0.125000", "0.125000"]
 */
export function networkLocalVni(network: Network, input: ArrayLike<number>): number[] {
  const inputs = size(network.architecture.input);
  if (input.length !== inputs) throw new ShapeError(`the network takes ${inputs} values, got an input of ${input.length}`);
  const values: number[] = [];
  tangent(network, copies(input), identity(inputs), { observe: ({ tangents }) => values.push(localVni(tangents)) });
  return values;
}

/** One row for each entry, all of them the input. `[inputs] -> [inputs, inputs]`. */
export function copies(input: ArrayLike<number>): Matrix<Float64Array> {
  const n = input.length;
  return matrix(
    n,
    n,
    Float64Array.from({ length: n * n }, (_, k) => input[k % n]),
  );
}

/** One direction along each axis. */
export function identity(n: number): Matrix<Float64Array> {
  const result = matrix(n, n);
  for (let i = 0; i < n; i++) result.data[i * n + i] = 1;
  return result;
}
