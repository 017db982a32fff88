import { type Activations, addProduct, type Matrix, matrix, pointRows } from "@sonde/core";

/**
 * The kernel of one network's layer at the points of recorded activations: K(x, x') = 1/n sum over positions and units of h(x) h(x'), the covariance of an output that independent last weights of variance 1 / n would give.
 *
 * `[points, ...positions, units] -> [points, points]`. Throws as `activationArray` does for what are no activations.
 *
 * @example
 * Array.from(recordedKernel({ shape: [2, 2], data: Float64Array.of(1, 1, 2, 0) }).data) // [1, 1, 1, 2]
 */
export function recordedKernel(activations: Activations): Matrix<Float64Array> {
  const { rows, cols, data } = pointRows(activations);
  const turned = new Float64Array(rows * cols);
  for (let p = 0; p < rows; p++) for (let k = 0; k < cols; k++) turned[k * rows + p] = data[p * cols + k];
  const kernel = matrix(rows, rows);
  addProduct(data, turned, kernel.data, [rows, cols, rows]);
  // The two halves are added in other orders.
  for (let p = 0; p < rows; p++) for (let q = 0; q <= p; q++) kernel.data[q * rows + p] = kernel.data[p * rows + q] /= cols;
  return kernel;
}
