import { type Matrix, matrix } from "@sonde/core";

/** The given rows of a matrix, copied. `[rows, cols], [k] -> [k, cols]` */
export function rowsOf({ cols, data }: Matrix<Float64Array>, rows: ArrayLike<number>): Matrix<Float64Array> {
  const result = matrix(rows.length, cols);
  for (let i = 0; i < rows.length; i++) result.data.set(data.subarray(rows[i] * cols, (rows[i] + 1) * cols), i * cols);
  return result;
}

/** The first rows of a matrix, at most so many, as a view. */
export function firstRows({ rows, cols, data }: Matrix<Float64Array>, most: number): Matrix<Float64Array> {
  const count = Math.min(rows, most);
  return matrix(count, cols, data.subarray(0, count * cols));
}
