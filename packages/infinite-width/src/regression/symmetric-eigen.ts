import { type Matrix, matrix, NumericalError } from "@sonde/core";
import { hypot } from "@sonde/core/math";

export interface SymmetricEigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** Row k is the eigenvector of values[k], of length 1: `[n, n]`. */
  readonly vectors: Matrix<Float64Array>;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by Householder reduction to tridiagonal form and implicit QL: `[n, n]`, errors a few ulp of the largest
 * eigenvalue, cost about 9 n^3. Only the lower half is read.
 *
 * @see Martin, Reinsch, Wilkinson 1968; Bowdler, Martin, Reinsch, Wilkinson 1968 (tred2 and tql2 of EISPACK)
 *
 * Throws `NumericalError` where QL does not converge, which entries that are not finite cause.
 */
export function symmetricEigen(a: Matrix): SymmetricEigen {
  const n = a.rows;
  const rows = Array.from({ length: n }, (_, i) => Float64Array.from(a.data.subarray(i * n, (i + 1) * n)));
  const values = new Float64Array(n);
  const off = new Float64Array(n);
  tridiagonalise(rows, values, off);
  // Rotations act on pairs of eigenvectors: as rows they lie together.
  const vectors = Array.from({ length: n }, (_, k) => Float64Array.from(rows, (row) => row[k]));
  diagonalise(vectors, values, off);
  const order = Array.from(values.keys()).sort((i, j) => values[i] - values[j]);
  const sorted = matrix(n, n);
  order.forEach((from, k) => {
    sorted.data.set(vectors[from], k * n);
  });
  return { values: Float64Array.from(order, (k) => values[k]), vectors: sorted };
}

/** Householder: on return the columns of `z` are the transformation, `d` the diagonal, `e` from 1 on what is beside it. */
function tridiagonalise(z: Float64Array[], d: Float64Array, e: Float64Array): void {
  const n = z.length;
  for (let i = n - 1; i > 0; i--) {
    const last = i - 1;
    let h = 0;
    let scale = 0;
    const row = z[i];
    for (let k = 0; k <= last; k++) scale += Math.abs(row[k]);
    if (last === 0 || scale === 0) {
      e[i] = row[last];
      d[i] = 0;
      continue;
    }
    for (let k = 0; k <= last; k++) {
      row[k] /= scale;
      h += row[k] * row[k];
    }
    const f = row[last];
    const g = f >= 0 ? -Math.sqrt(h) : Math.sqrt(h);
    e[i] = scale * g;
    h -= f * g;
    row[last] = f - g;
    for (let j = 0; j <= last; j++) e[j] = 0;
    // p = A u / h from the lower half alone, both halves of the product in one pass over each row.
    for (let j = 0; j <= last; j++) {
      const other = z[j];
      const u = row[j];
      let sum = other[j] * u;
      for (let k = 0; k < j; k++) {
        sum += other[k] * row[k];
        e[k] += other[k] * u;
      }
      e[j] += sum;
    }
    let along = 0;
    for (let j = 0; j <= last; j++) {
      e[j] /= h;
      along += e[j] * row[j];
    }
    const half = along / (h + h);
    for (let j = 0; j <= last; j++) e[j] -= half * row[j];
    for (let j = 0; j <= last; j++) {
      const other = z[j];
      const [u, p] = [row[j], e[j]];
      for (let k = 0; k <= j; k++) other[k] -= u * e[k] + p * row[k];
    }
    d[i] = h;
  }
  d[0] = 0;
  e[0] = 0;
  const sums = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = z[i];
    if (d[i] !== 0) {
      sums.fill(0, 0, i);
      for (let k = 0; k < i; k++) for (let j = 0; j < i; j++) sums[j] += row[k] * z[k][j];
      for (let k = 0; k < i; k++) {
        const u = row[k] / d[i];
        for (let j = 0; j < i; j++) z[k][j] -= sums[j] * u;
      }
    }
    d[i] = row[i];
    row.fill(0, 0, i);
    row[i] = 1;
    for (let k = 0; k < i; k++) z[k][i] = 0;
  }
}

/** Implicit QL; row k of `v` becomes the eigenvector of d[k]. */
function diagonalise(v: Float64Array[], d: Float64Array, e: Float64Array): void {
  const n = v.length;
  e.copyWithin(0, 1);
  if (n > 0) e[n - 1] = 0;
  for (let l = 0; l < n; l++)
    for (let step = 0; ; step++) {
      let m = l;
      while (m < n - 1 && Math.abs(e[m]) > Number.EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1]))) m++;
      if (m === l) break;
      if (step === 60)
        throw new NumericalError("the eigenvalues of the kernel did not converge: does it hold values that are not finite?");
      let g = (d[l + 1] - d[l]) / (2 * e[l]);
      const root = hypot(g, 1);
      g = d[m] - d[l] + e[l] / (g + (g >= 0 ? root : -root));
      let [s, c, p] = [1, 1, 0];
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i];
        const b = c * e[i];
        const r = hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1] -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        const t = (d[i] - g) * s + 2 * c * b;
        p = s * t;
        d[i + 1] = g + p;
        g = c * t - b;
        rotate(v[i], v[i + 1], c, s);
      }
      if (i >= l) continue;
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
}

function rotate(a: Float64Array, b: Float64Array, c: number, s: number): void {
  for (let k = 0; k < a.length; k++) {
    const f = b[k];
    b[k] = s * a[k] + c * f;
    a[k] = c * a[k] - s * f;
  }
}
