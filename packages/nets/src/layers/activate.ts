import { type Activation, matrix } from "@sonde/core";
import type { Operator, Points } from "./operator.js";

/** An activation, value by value; at a kink the derivative is the one from the left (0 for ReLU at 0). */
export function activate({ value, derivative }: Activation): Operator {
  const slope = (x: Points, dx: Points): Points =>
    matrix(
      x.rows,
      x.cols,
      dx.data.map((d, i) => d * derivative(x.data[i])),
    );
  return {
    forward: (x) =>
      matrix(
        x.rows,
        x.cols,
        x.data.map((z) => value(z)),
      ),
    tangent: slope,
    gradient: (x, dy) => ({ input: slope(x, dy) }),
  };
}
