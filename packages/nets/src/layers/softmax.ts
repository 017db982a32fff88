import { matrix } from "@sonde/core";
import { exp } from "@sonde/core/math";
import type { Operator, Points } from "./operator.js";

/** s_i = e^x_i / sum_j e^x_j over the channels of every place; its derivative, ds = s (dx - sum_j s_j dx_j), is symmetric. */
export function softmax(channels: number): Operator {
  const forward = (x: Points): Points => {
    const y = matrix(x.rows, x.cols);
    for (let from = 0; from < x.data.length; from += channels) {
      const row = x.data.subarray(from, from + channels);
      const largest = row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
      let total = 0;
      for (let c = 0; c < channels; c++) total += exp(row[c] - largest);
      for (let c = 0; c < channels; c++) y.data[from + c] = exp(row[c] - largest) / total;
    }
    return y;
  };
  const derivative = (x: Points, dx: Points): Points => {
    const s = forward(x);
    const ds = matrix(x.rows, x.cols);
    for (let from = 0; from < x.data.length; from += channels) {
      let along = 0;
      for (let k = from; k < from + channels; k++) along += s.data[k] * dx.data[k];
      for (let k = from; k < from + channels; k++) ds.data[k] = s.data[k] * (dx.data[k] - along);
    }
    return ds;
  };
  return { forward, tangent: derivative, gradient: (x, dy) => ({ input: derivative(x, dy) }) };
}
