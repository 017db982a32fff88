import { type Matrix, matrix, NumericalError, ShapeError, transpose } from "@sonde/core";

/**
 * The lower triangle L of a symmetric positive definite matrix, A = L L^T: `[n, n] -> [n, n]`, only the lower half of A is read.
 *
 * Throws `ShapeError` for a matrix that is not square and `NumericalError` where a pivot is within rounding of 0: then two points cannot be told apart by the kernel.
 */
export function cholesky(a: Matrix): Matrix<Float64Array> {
  const n = a.rows;
  if (a.cols !== n) throw new ShapeError(`a kernel between points is square, got ${a.rows} x ${a.cols}`);
  const lower = matrix(n, n);
  const { data } = lower;
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, a.data[i * n + i]);
  const least = n * Number.EPSILON * largest;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) data[i * n + j] = (a.data[i * n + j] - dot(data, i * n, j * n, j)) / data[j * n + j];
    const pivot = a.data[i * n + i] - dot(data, i * n, i * n, i);
    if (!(pivot > least))
      throw new NumericalError(
        `the kernel of ${n} points is singular to rounding at point ${i + 1}, which is a combination of earlier ones: leave out repeated points, or give a noise variance of at least ${(10 * least).toExponential(0)}`,
      );
    data[i * n + i] = Math.sqrt(pivot);
  }
  return lower;
}

/** X with A X = B, given the Cholesky factor of A: `[n, n], [n, m] -> [n, m]`. */
export function choleskySolve(lower: Matrix<Float64Array>, b: Matrix): Matrix<Float64Array> {
  const n = lower.rows;
  const { data } = lower;
  // Columns of B as rows, and rows of L^T, so that inner products run along memory.
  const columns = transpose(b);
  const upper = transpose(lower).data;
  for (let c = 0; c < columns.rows; c++) {
    const x = columns.data.subarray(c * n, (c + 1) * n);
    for (let i = 0; i < n; i++) {
      let sum = x[i];
      for (let k = 0; k < i; k++) sum -= data[i * n + k] * x[k];
      x[i] = sum / data[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = x[i];
      for (let k = i + 1; k < n; k++) sum -= upper[i * n + k] * x[k];
      x[i] = sum / upper[i * n + i];
    }
  }
  return transpose(columns);
}

/** Four sums at a time: as fast as memory, and closer to the truth than one long sum. */
function dot(data: Float64Array, a: number, b: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += data[a + k] * data[b + k];
    s1 += data[a + k + 1] * data[b + k + 1];
    s2 += data[a + k + 2] * data[b + k + 2];
    s3 += data[a + k + 3] * data[b + k + 3];
  }
  for (; k < length; k++) s0 += data[a + k] * data[b + k];
  return s0 + s1 + (s2 + s3);
}
