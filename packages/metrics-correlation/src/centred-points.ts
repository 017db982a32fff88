import { dot, type Matrix, matrix, multiply, row, transpose } from "@sonde/core";

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
export function squaredProduct({ values: x }: CentredPoints, { values: y }: CentredPoints): number {
  return 2 * x.cols * y.cols < x.rows * (x.cols + y.cols) ? overUnits(x, y) : overPoints(x, y);
}

function overUnits(x: Matrix<Float64Array>, y: Matrix<Float64Array>): number {
  const { data } = multiply(transpose(x), y);
  return dot(data, data);
}

/** Points whose products with all others are held at a time. */
const block = 256;

function overPoints(x: Matrix<Float64Array>, y: Matrix<Float64Array>): number {
  const [xColumns, yColumns] = [transpose(x), transpose(y)];
  let sum = 0;
  for (let p = 0; p < x.rows; p += block) {
    const [some, others] = [rows(x, p, p + block), rows(y, p, p + block)];
    sum += dot(multiply(some, xColumns).data, multiply(others, yColumns).data);
  }
  return sum;
}

function rows({ cols, data }: Matrix<Float64Array>, first: number, end: number): Matrix {
  const values = data.subarray(first * cols, end * cols);
  return matrix(values.length / cols, cols, values);
}
