import type { Matrix } from "../matrix.js";

/** T, with A = Q T Q^T and an orthogonal Q. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** `below[i]` stands between `diagonal[i - 1]` and `diagonal[i]`, `below[0]` is 0. */
  readonly below: Float64Array;
  /** The columns of Q. */
  readonly columns?: readonly Float64Array[];
}

/** The tridiagonal form of a symmetric matrix by Householder reflections, of which only the lower triangle is read: `[n, n]`; with its transformation where asked for. */
export function tridiagonal({ rows: n, data }: Matrix, withColumns = false): Tridiagonal {
  const a = Float64Array.from(data);
  const diagonal = new Float64Array(n);
  const below = new Float64Array(n);
  const v = new Float64Array(n);
  const p = new Float64Array(n);
  const reflections: Reflection[] = [];
  for (let i = n - 1; i > 0; i--) {
    const row = a.subarray(i * n, i * n + i);
    diagonal[i] = a[i * n + i];
    let scale = 0;
    for (let k = 0; k < i; k++) scale = Math.max(scale, Math.abs(row[k]));
    let off = 0;
    for (let k = 0; k < i - 1; k++) off = Math.max(off, Math.abs(row[k]));
    if (off === 0) {
      below[i] = row[i - 1];
      continue;
    }
    let square = 0;
    for (let k = 0; k < i; k++) {
      v[k] = row[k] / scale;
      square += v[k] * v[k];
    }
    const length = v[i - 1] > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    below[i] = scale * length;
    const h = square - v[i - 1] * length;
    v[i - 1] -= length;
    if (withColumns) reflections.push({ v: v.slice(0, i), h });
    // p = A v / h over the leading block, by its lower triangle; then A -= v q^T + q v^T with q = p - (v p / 2 h) v.
    p.fill(0, 0, i);
    for (let j = 0; j < i; j++) {
      const offset = j * n;
      let sum = a[offset + j] * v[j];
      const vj = v[j];
      for (let k = 0; k < j; k++) {
        sum += a[offset + k] * v[k];
        p[k] += a[offset + k] * vj;
      }
      p[j] += sum;
    }
    let along = 0;
    for (let j = 0; j < i; j++) {
      p[j] /= h;
      along += p[j] * v[j];
    }
    along /= 2 * h;
    for (let j = 0; j < i; j++) p[j] -= along * v[j];
    for (let j = 0; j < i; j++) {
      const offset = j * n;
      const [vj, pj] = [v[j], p[j]];
      for (let k = 0; k <= j; k++) a[offset + k] -= vj * p[k] + pj * v[k];
    }
  }
  if (n > 0) diagonal[0] = a[0];
  return { diagonal, below, ...(withColumns && { columns: columnsOf(reflections, n) }) };
}

/** I - v v^T / h on the first coordinates. */
interface Reflection {
  readonly v: Float64Array;
  readonly h: number;
}

/** The columns of the product of all reflections; the last ones are small, so that they are multiplied first. */
function columnsOf(reflections: Reflection[], n: number): Float64Array[] {
  const rows = Array.from({ length: n }, (_, k) => new Float64Array(n).fill(1, k, k + 1));
  const along = new Float64Array(n);
  for (const { v, h } of reflections.reverse()) {
    const size = v.length;
    along.fill(0, 0, size);
    for (let k = 0; k < size; k++) for (let j = 0; j < size; j++) along[j] += v[k] * rows[k][j];
    for (let k = 0; k < size; k++) {
      const share = v[k] / h;
      for (let j = 0; j < size; j++) rows[k][j] -= share * along[j];
    }
  }
  return rows.map((_, k) => Float64Array.from(rows, (row) => row[k]));
}
