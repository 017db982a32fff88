import { type Matrix, matrix, row, transpose } from "@sonde/core";

/** Points with their mean taken away. */
export interface CentredPoints {
  /** `[points, units]`, over their largest entry. */
  readonly values: Matrix<Float64Array>;
  /** The squared length of every point. */
  readonly squares: Float64Array;
}

/** The points minus their mean, in float64, scaled so that fourth powers stay in range; exactly zero where all points are equal. */
export function centredPoints({ rows, cols, data }: Matrix): CentredPoints {
  const values = matrix(rows, cols);
  const mean = new Float64Array(cols);
  // Relative to the first point, so that equal points give exact zeros.
  for (let p = 0; p < rows; p++) for (let j = 0; j < cols; j++) mean[j] += (data[p * cols + j] - data[j]) / rows;
  let largest = 0;
  for (let p = 0; p < rows; p++) {
    for (let j = 0; j < cols; j++) {
      const value = data[p * cols + j] - data[j] - mean[j];
      values.data[p * cols + j] = value;
      largest = Math.max(largest, Math.abs(value));
    }
  }
  if (largest > 0) for (let k = 0; k < values.data.length; k++) values.data[k] /= largest;
  const squares = Float64Array.from({ length: rows }, (_, p) => dot(row(values, p), row(values, p)));
  return { values, squares };
}

/** |X^T Y|_F^2 = sum over pairs of points of (x_p . x_q) (y_p . y_q), by whichever side is smaller. */
export function squaredProduct(x: CentredPoints, y: CentredPoints): number {
  const [a, b] = [x.values, y.values];
  return 2 * a.cols * b.cols < a.rows * (a.cols + b.cols) ? overUnits(a, b) : overPoints(x, y);
}

function overUnits(a: Matrix<Float64Array>, b: Matrix<Float64Array>): number {
  const [left, right] = [transpose(a), transpose(b)];
  let sum = 0;
  for (let i = 0; i < left.rows; i++) {
    for (let j = 0; j < right.rows; j++) sum += dot(row(left, i), row(right, j)) ** 2;
  }
  return sum;
}

function overPoints(x: CentredPoints, y: CentredPoints): number {
  let sum = 0;
  for (let p = 0; p < x.squares.length; p++) {
    sum += x.squares[p] * y.squares[p];
    for (let q = 0; q < p; q++) {
      sum += 2 * dot(row(x.values, p), row(x.values, q)) * dot(row(y.values, p), row(y.values, q));
    }
  }
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}
