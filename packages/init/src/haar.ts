import { type Matrix, matrix, normals, type Stream, transpose } from "@sonde/core";

/**
 * A `[rows, cols]` corner of a Haar-distributed orthogonal matrix of size max(rows, cols): its columns are orthonormal where rows >= cols, its
 * rows where rows <= cols, uniformly among all such matrices.
 *
 * It is the factor Q of A = Q R with positive diagonal of R, where A (or its transpose, for more columns than rows) has entry (i, j) equal to
 * normal draw i * cols + j of the stream. The sign matters: without it the law depends on the QR algorithm. Source: Mezzadri, *How to generate
 * random matrices from the classical compact groups*, Notices of the AMS 54(5), 2007.
 *
 * @example
 * haar(stream(0), 2, 1).data // [0.731202171..., -0.682160820...]
 */
export function haar(source: Stream, rows: number, cols: number): Matrix<Float64Array> {
  const gaussian = matrix(rows, cols);
  normals(source, gaussian.data);
  if (rows < cols) {
    orthonormalise(gaussian.data, rows, cols);
    return gaussian;
  }
  const vectors = transpose(gaussian);
  orthonormalise(vectors.data, cols, rows);
  return transpose(vectors);
}

/**
 * Replaces the `count` vectors of the given `length` (count <= length, one after another in `a`) by what Gram-Schmidt would make of them, by
 * Householder reflections, which keep orthogonality to rounding.
 */
function orthonormalise(a: Float64Array, count: number, length: number): void {
  const sign = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    // The reflection I - v v^T maps a_j to -+|a_j| e_j; v, scaled to |v|^2 = 2, takes the place of a_j from entry j on.
    const start = j * length + j;
    const end = (j + 1) * length;
    let norm = 0;
    for (let i = start; i < end; i++) norm += a[i] * a[i];
    norm = Math.sqrt(norm);
    sign[j] = a[start] < 0 ? 1 : -1;
    const scale = 1 / Math.sqrt(norm * (norm + Math.abs(a[start])));
    a[start] -= sign[j] * norm;
    for (let i = start; i < end; i++) a[i] *= scale;
    reflect(a, a.subarray(start, end), j + 1, count, length);
  }
  for (let j = count - 1; j >= 0; j--) {
    const vector = a.slice(j * length + j, (j + 1) * length);
    a.fill(0, j * length, (j + 1) * length);
    a[j * length + j] = sign[j];
    reflect(a, vector, j, count, length);
  }
}

/** Applies I - v v^T, v filling the last entries, to the vectors `from` to `count` - 1 of `a`; four at a time, which is twice as fast. */
function reflect(a: Float64Array, v: Float64Array, from: number, count: number, length: number): void {
  const skip = length - v.length;
  let k = from;
  for (; k + 4 <= count; k += 4) {
    const at0 = k * length + skip;
    const at1 = at0 + length;
    const at2 = at1 + length;
    const at3 = at2 + length;
    let dot0 = 0;
    let dot1 = 0;
    let dot2 = 0;
    let dot3 = 0;
    for (let i = 0; i < v.length; i++) {
      dot0 += v[i] * a[at0 + i];
      dot1 += v[i] * a[at1 + i];
      dot2 += v[i] * a[at2 + i];
      dot3 += v[i] * a[at3 + i];
    }
    for (let i = 0; i < v.length; i++) {
      a[at0 + i] -= dot0 * v[i];
      a[at1 + i] -= dot1 * v[i];
      a[at2 + i] -= dot2 * v[i];
      a[at3 + i] -= dot3 * v[i];
    }
  }
  for (; k < count; k++) {
    const at = k * length + skip;
    let dot = 0;
    for (let i = 0; i < v.length; i++) dot += v[i] * a[at + i];
    for (let i = 0; i < v.length; i++) a[at + i] -= dot * v[i];
  }
}
