import type { Matrix } from "../matrix.js";
import { matrixShape, type TensorLike, tensorMatrix } from "../tensor-like.js";

/**
 * The matrix as a float32 tensor of shape [rows, cols], made by the namespace that `useBackend` returns. Float32 data are handed over without a copy
 * (write to neither side afterwards), float64 data are rounded to float32.
 */
export function toTensor<Tensor>(
  tf: { tensor2d(values: Float32Array, shape: [number, number], dtype: "float32"): Tensor },
  { rows, cols, data }: Matrix,
): Tensor {
  return tf.tensor2d(data instanceof Float32Array ? data : Float32Array.from(data), [rows, cols], "float32");
}

/**
 * The values of a tensor of shape [rows, cols] as a matrix, without blocking on a GPU; `matrixOf` does the same at once. Float32 values are not
 * copied (on the cpu backend they are the tensor's own: do not write to them), int32 and bool become float64. The tensor is not disposed.
 *
 * Rejects with `ShapeError` for a tensor of another rank and `ConfigError` for one without real numbers.
 */
export async function fromTensor(tensor: TensorLike): Promise<Matrix> {
  const [rows, cols] = matrixShape(tensor);
  return tensorMatrix(rows, cols, await tensor.data());
}
