import { type Matrix, matrix } from "@sonde/core";

/** The first rows of a matrix, so many at most. */
export function firstRows({ rows, cols, data }: Matrix<Float64Array>, most: number): Matrix<Float64Array> {
  const kept = Math.min(rows, most);
  return matrix(kept, cols, data.slice(0, kept * cols));
}
