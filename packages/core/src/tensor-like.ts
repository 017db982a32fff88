import { ConfigError, ShapeError } from "./errors.js";
import { type Matrix, matrix, matrixFromRows } from "./matrix.js";

/** What a tensor of any backend is to Sonde: a tf.Tensor of TensorFlow.js is one. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  /** The values in row-major order, at once. */
  dataSync(): TensorValues;
  /** The same without blocking, the only way on some GPUs. */
  data(): Promise<TensorValues>;
}

export type TensorValues = Float32Array | Int32Array | Uint8Array;

/**
 * The matrix in whatever form it comes: a `Matrix` is returned as it is; a tensor of shape [rows, cols] is read at once, its float32 values not
 * copied (on the cpu backend they are the tensor's own: do not write to them), others as float64; a list of rows becomes float64.
 *
 * Throws `ShapeError` for a tensor of another rank or rows of different lengths, and `ConfigError` for a tensor without real numbers or for
 * something else altogether.
 *
 * @example
 * matrixOf([[1, 2], [3, 4]]).cols // 2
 */
export function matrixOf(source: Matrix | TensorLike | readonly ArrayLike<number>[]): Matrix {
  if (Array.isArray(source)) return matrixFromRows(source);
  if (source !== null && typeof source === "object") {
    if ("dataSync" in source) {
      const [rows, cols] = matrixShape(source);
      return tensorMatrix(rows, cols, source.dataSync());
    }
    if ("data" in source && "rows" in source) return source;
  }
  throw new ConfigError(
    "expected a matrix, a tensor of shape [rows, cols] or a list of rows: convert with matrix(rows, cols, data)",
  );
}

/** The sizes of a tensor of rank 2 with real entries. Throws `ShapeError` or `ConfigError` otherwise. */
export function matrixShape({ shape, dtype }: TensorLike): [number, number] {
  if (shape.length !== 2)
    throw new ShapeError(`a matrix needs a tensor of shape [rows, cols], got [${shape.join(", ")}]: reshape it first`);
  if (!["float32", "int32", "bool"].includes(dtype))
    throw new ConfigError(`a matrix needs a tensor of type float32, int32 or bool, got ${dtype}: cast it first`);
  return [shape[0], shape[1]];
}

/** A matrix over the values of a tensor: a view of float32 values, a float64 copy of others. */
export function tensorMatrix(rows: number, cols: number, values: TensorValues): Matrix {
  return matrix(rows, cols, values instanceof Float32Array ? values : Float64Array.from(values));
}
