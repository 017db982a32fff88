import { type Matrix, matrix, stream } from "@sonde/core";
import { type Architecture, type Network, randomNetwork } from "../src/index.js";

/** A matrix by its entries. */
export function fill(rows: number, cols: number, value: (i: number, j: number) => number): Matrix<Float64Array> {
  return matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, (_, k) => value(Math.floor(k / cols), k % cols)),
  );
}

/** The network whose parameters fixtures/make_layers.py describes. */
export function fixtureNetwork(architecture: Architecture): Network {
  const drawn = randomNetwork(architecture, stream(0));
  const embedding = architecture.layers[0]?.kind === "embedding";
  return {
    architecture,
    parameters: drawn.parameters.map(({ weights, bias }, q) => ({
      weights: fill(weights.rows, weights.cols, (i, j) => Math.sin(1.3 * (q + 1) + 0.7 * i + 0.31 * j * (i + 1))),
      bias: bias.map((_, j) => (embedding ? 0 : 0.1 * Math.cos(q + 2 * j))),
    })),
  };
}

/** The points that fixtures/make_layers.py describes. */
export function fixtureInputs({ input }: Architecture): Matrix<Float64Array> {
  const size = input.reduce((a, b) => a * b, 1);
  return fill(3, size, (p, k) => Math.sin(0.9 * p + 0.37 * k ** 1.5 + 0.2));
}
