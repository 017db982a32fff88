import { type Matrix, matrix, normals, type Stream } from "@sonde/core";

/**
 * Independent standard normal values, `[points, features]`: value j of point i is draw `i * features + j` of the stream, so more points from the same
 * stream begin with the same ones. Throws `ShapeError` for sizes that are not whole numbers >= 0.
 *
 * @example
 * gaussianPoints(stream(0), 3, 2).rows // 3
 */
export function gaussianPoints(random: Stream, points: number, features: number): Matrix<Float64Array> {
  const result = matrix(points, features);
  normals(random, result.data);
  return result;
}
