import { dot, type Matrix, matrix, row } from "@sonde/core";

/**
 * Coordinates of points in an orthonormal basis of their span: the transposed R of the thin QR decomposition of H^T = Q R,
 *
 *     H = R^T Q^T,   `H [points, n] -> R^T [points, rank]`, row p zero beyond the p-th new direction.
 *
 * Rank-revealing: a point that adds no direction beyond rounding (a zero vector, or one within 1e-14 of its length of the span of the earlier points) adds no
 * column, so collapsed inputs do no harm. Gram-Schmidt twice, which is as accurate as Householder reflections: two points at the small angle theta keep it to a relative 1e-16 / theta.
 */
export function thinQr(h: Matrix): Matrix<Float64Array> {
  const basis: Float64Array[] = [];
  const coordinates: number[][] = [];
  for (let p = 0; p < h.rows; p++) {
    const rest = Float64Array.from(row(h, p));
    const own = basis.map(() => 0);
    const full = norm(rest);
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((q, k) => {
        const along = dot(q, rest);
        own[k] += along;
        for (let j = 0; j < rest.length; j++) rest[j] -= along * q[j];
      });
    }
    const remaining = norm(rest);
    if (remaining > 1e-14 * full && basis.length < h.cols) {
      own.push(remaining);
      basis.push(rest.map((value) => value / remaining));
    }
    coordinates.push(own);
  }
  const result = matrix(h.rows, basis.length);
  for (let p = 0; p < h.rows; p++) result.data.set(coordinates[p], p * basis.length);
  return result;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}
