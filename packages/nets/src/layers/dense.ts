import { matrix, multiply, multiplyByTransposed, transpose } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import type { Operator, Points } from "./operator.js";

/** A dense layer: y = x W + b, `[points, fan_in] -> [points, outputs]`. */
export function dense({ weights, bias }: LayerParameters): Operator {
  return {
    forward: (x) => {
      const y = multiply(x, weights);
      const { data, cols } = y;
      for (let i = 0; i < data.length; i += cols) for (let j = 0; j < cols; j++) data[i + j] += bias[j];
      return y;
    },
    tangent: (_x, dx) => multiply(dx, weights),
    gradient: (x, dy) => ({
      input: multiplyByTransposed(dy, weights),
      parameters: () => ({ weights: multiply(transpose(x), dy), bias: columnSums(dy) }),
    }),
  };
}

/** A dense layer applied at every position to the channels alone: `[points, ...positions, inputs] -> [points, ...positions, outputs]`. */
export function densePerPosition(parameters: LayerParameters): Operator {
  const inner = dense(parameters);
  const { rows: inputs, cols: outputs } = parameters.weights;
  const flat = (x: Points, channels: number): Points => matrix(x.data.length / channels, channels, x.data);
  const points = (y: Points, like: Points): Points => matrix(like.rows, y.data.length / like.rows, y.data);
  return {
    forward: (x) => points(inner.forward(flat(x, inputs)), x),
    tangent: (x, dx) => points(inner.tangent(flat(x, inputs), flat(dx, inputs)), x),
    gradient: (x, dy) => {
      const { input, parameters } = inner.gradient(flat(x, inputs), flat(dy, outputs));
      return { input: points(input, x), parameters };
    },
  };
}

function columnSums(m: Points): Float64Array {
  const sums = new Float64Array(m.cols);
  for (let i = 0; i < m.rows; i++) for (let j = 0; j < m.cols; j++) sums[j] += m.data[i * m.cols + j];
  return sums;
}
