import { type Activation, matrix } from "@sonde/core";
import type { Operator, Points } from "./operator.js";

/** An activation, value by value; at a kink the derivative is the one from the left (0 for ReLU at 0). */
export function activate({ value, derivative }: Activation): Operator {
  const slope = (x: Points, dx: Points): Points => {
    const y = matrix(x.rows, x.cols);
    for (let k = 0; k < y.data.length; k++) y.data[k] = dx.data[k] * derivative(x.data[k]);
    return y;
  };
  return {
    forward: (x) => {
      const y = matrix(x.rows, x.cols);
      for (let k = 0; k < y.data.length; k++) y.data[k] = value(x.data[k]);
      return y;
    },
    tangent: slope,
    gradient: (x, dy) => ({ input: slope(x, dy) }),
  };
}
