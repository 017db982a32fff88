import { DomainError, type Matrix, matrix, normals, ShapeError, type Stream } from "@sonde/core";

/**
 * Points around one input, x + radius z with independent standard normal z: through any model, their weighted VNI approaches the local VNI as the radius goes to 0. `[inputs] -> [points, inputs]`. A radius of 1e-4
 * |x| / sqrt(inputs) is small enough for most float64 models; float32 ones want 1e-2.
 *
 * Throws `DomainError` unless the radius is finite and above 0 and the input finite, `ShapeError` for fewer than 4 points.
 *
 * @example
 * smallCloud([1, 2, 3], { points: 10, radius: 1e-3, random: stream(0) }).rows // 10
 */
export function smallCloud(
  x: ArrayLike<number>,
  { points, radius, random }: { readonly points: number; readonly radius: number; readonly random: Stream },
): Matrix<Float64Array> {
  if (!(radius > 0 && radius < Number.POSITIVE_INFINITY))
    throw new DomainError(`a cloud's radius is a finite number above 0, got ${radius}`);
  if (!(Number.isInteger(points) && points >= 4))
    throw new ShapeError(`a cloud needs a whole number of at least 4 points, got ${points}`);
  if (!Array.from(x).every(Number.isFinite)) throw new DomainError("the input that a cloud surrounds needs finite values");
  const cloud = matrix(points, x.length);
  normals(random, cloud.data);
  for (let k = 0; k < cloud.data.length; k++) cloud.data[k] = x[k % x.length] + radius * cloud.data[k];
  return cloud;
}
