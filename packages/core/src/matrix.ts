import { ShapeError } from "./errors.js";
import { addProduct } from "./linear-algebra/product.js";

/** The storage of a matrix: float64 where meaning is defined, float32 where kernels produce it. */
export type Reals = Float64Array | Float32Array;

/**
 * A dense matrix, row-major: entry (i, j) is `data[i * cols + j]`. Activations are `[points, units]`, weights `[fan_in, fan_out]`.
 */
export interface Matrix<Data extends Reals = Reals> {
  readonly rows: number;
  readonly cols: number;
  readonly data: Data;
}

/**
 * A matrix over the given data (not copied), or of float64 zeros without it.
 *
 * Throws `ShapeError` if the sizes are not whole numbers >= 0 or do not match the length of `data`.
 *
 * @example
 * matrix(2, 2, Float64Array.of(1, 2, 3, 4)).data[2] // 3
 */
export function matrix(rows: number, cols: number): Matrix<Float64Array>;
export function matrix<Data extends Reals>(rows: number, cols: number, data: Data): Matrix<Data>;
export function matrix(rows: number, cols: number, data?: Reals): Matrix {
  if (!(Number.isInteger(rows) && Number.isInteger(cols) && rows >= 0 && cols >= 0))
    throw new ShapeError(`a matrix needs whole, non-negative sizes, got ${rows} x ${cols}`);
  if (data && data.length !== rows * cols)
    throw new ShapeError(`a ${rows} x ${cols} matrix needs ${rows * cols} values, got ${data.length}`);
  return { rows, cols, data: data ?? new Float64Array(rows * cols) };
}

/**
 * The matrix with the given rows, as float64.
 *
 * Throws `ShapeError` if the rows differ in length.
 *
 * @example
 * matrixFromRows([[1, 2], [3, 4]]).cols // 2
 */
export function matrixFromRows(rows: readonly ArrayLike<number>[]): Matrix<Float64Array> {
  const cols = rows[0]?.length ?? 0;
  const result = matrix(rows.length, cols);
  rows.forEach((row, i) => {
    if (row.length !== cols)
      throw new ShapeError(`every row needs ${cols} values like the first, but row ${i + 1} has ${row.length}`);
    result.data.set(row, i * cols);
  });
  return result;
}

/** Row i as a view: writing to it writes to the matrix. `Matrix[rows, cols] -> [cols]`. */
export function row<Data extends Reals>(m: Matrix<Data>, i: number): Data {
  return m.data.subarray(i * m.cols, (i + 1) * m.cols) as Data;
}

/** The transpose as a new float64 matrix. `[rows, cols] -> [cols, rows]`. */
export function transpose(m: Matrix): Matrix<Float64Array> {
  const result = matrix(m.cols, m.rows);
  for (let i = 0; i < m.rows; i++) for (let j = 0; j < m.cols; j++) result.data[j * m.rows + i] = m.data[i * m.cols + j];
  return result;
}

/** Multiplications from which a product is made in WebAssembly, several times as fast and with the same bits. */
const worthKernels = 2 ** 15;

/** Whether `[n, k]` times `[k, m]` is. */
const isWorthKernels = (n: number, k: number, m: number): boolean => n * k * m >= worthKernels && Math.min(n, m) >= 4;

/**
 * The product in float64. `[n, k] x [k, m] -> [n, m]`. Throws `ShapeError` if the inner sizes differ.
 *
 * @example
 * multiply(matrixFromRows([[1, 2]]), matrixFromRows([[3], [4]])).data[0] // 11
 */
export function multiply(a: Matrix, b: Matrix): Matrix<Float64Array> {
  if (a.cols !== b.rows)
    throw new ShapeError(`cannot multiply ${a.rows} x ${a.cols} by ${b.rows} x ${b.cols}: the inner sizes differ`);
  const result = matrix(a.rows, b.cols);
  if (isWorthKernels(a.rows, a.cols, b.cols)) {
    addProduct(a.data, b.data, result.data, [a.rows, a.cols, b.cols]);
    return result;
  }
  addSmallProduct(a.data, b.data, result.data, [a.rows, a.cols, b.cols]);
  return result;
}

/**
 * The product with a transpose in float64: a b^T. `[n, k] x [m, k] -> [n, m]`, with the bits of `multiply(a, transpose(b))`. Throws `ShapeError` if the inner sizes differ.
 *
 * @example
 * multiplyByTransposed(matrixFromRows([[1, 2]]), matrixFromRows([[3, 4]])).data[0] // 11
 */
export function multiplyByTransposed(a: Matrix, b: Matrix): Matrix<Float64Array> {
  if (a.cols !== b.cols)
    throw new ShapeError(`cannot multiply ${a.rows} x ${a.cols} by a transposed ${b.rows} x ${b.cols}: the inner sizes differ`);
  if (!isWorthKernels(a.rows, a.cols, b.rows)) return multiply(a, transpose(b));
  const result = matrix(a.rows, b.rows);
  addProduct(a.data, b.data, result.data, [a.rows, a.cols, b.rows], { transposed: true });
  return result;
}

/** Plain loops: small products come by the thousand, and a view for each row would cost more than they do. */
function addSmallProduct(a: Reals, b: Reals, sum: Float64Array, [n, k, m]: readonly [number, number, number]): void {
  for (let i = 0; i < n; i++)
    for (let l = 0; l < k; l++) {
      const scale = a[i * k + l];
      for (let j = 0; j < m; j++) sum[i * m + j] += scale * b[l * m + j];
    }
}

/**
 * Whole numbers from 0 as rows with a 1 in their column and 0 elsewhere, `[n] -> [n, width]`; they are trusted to be below `width`.
 *
 * @example
 * oneHot([1, 0], 3).data // [0, 1, 0, 1, 0, 0]
 */
export function oneHot(columns: ArrayLike<number>, width: number): Matrix<Float64Array> {
  const rows = matrix(columns.length, width);
  for (let p = 0; p < rows.rows; p++) rows.data[p * width + columns[p]] = 1;
  return rows;
}
