import { NumericalError, ShapeError } from "../errors.js";
import type { Matrix } from "../matrix.js";

/**
 * The eigenvalues of a symmetric matrix, descending: Householder reflections to tridiagonal form, then implicit QL steps with Wilkinson's shift. `[n, n] -> [n]`; only the
 * lower triangle is read. About 4 n^3 / 3 multiplications (a second at n = 1000); the error of each is a small multiple of n 1e-16 times the largest magnitude.
 *
 * Throws `ShapeError` unless the matrix is square, `NumericalError` if an entry is not finite.
 *
 * @see Golub and Van Loan, Matrix Computations, 8.3
 *
 * @example
 * symmetricEigenvalues(matrixFromRows([[2, 1], [1, 2]])).map(Math.round).join() // "3,1"
 */
export function symmetricEigenvalues(m: Matrix): Float64Array {
  if (m.rows !== m.cols) throw new ShapeError(`eigenvalues need a square matrix, got ${m.rows} x ${m.cols}`);
  const { diagonal, below } = tridiagonal(m);
  if (!diagonal.every(Number.isFinite) || !below.every(Number.isFinite))
    throw new NumericalError("eigenvalues need finite entries whose squares are finite: scale the matrix");
  return implicitQl(diagonal, below).sort().reverse();
}

/** A tridiagonal matrix with the same eigenvalues: `below[i]` stands between `diagonal[i - 1]` and `diagonal[i]`, `below[0]` is 0. */
function tridiagonal({ rows: n, data }: Matrix): { diagonal: Float64Array; below: Float64Array } {
  const a = Float64Array.from(data);
  const diagonal = new Float64Array(n);
  const below = new Float64Array(n);
  const v = new Float64Array(n);
  const p = new Float64Array(n);
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
  return { diagonal, below };
}

/** Steps for one eigenvalue after which something must be wrong; three are typical. */
const mostSteps = 60;

/** The eigenvalues of a tridiagonal matrix, in place. */
function implicitQl(d: Float64Array, below: Float64Array): Float64Array {
  const n = d.length;
  const e = new Float64Array(n);
  e.set(below.subarray(1));
  for (let l = 0; l < n; l++) {
    for (let step = 0; ; step++) {
      let m = l;
      while (m < n - 1 && Math.abs(e[m]) > Number.EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1]))) m++;
      if (m === l) break;
      if (step === mostSteps) throw new NumericalError("the eigenvalues did not settle: scale the matrix");
      let g = (d[l + 1] - d[l]) / (2 * e[l]);
      let r = Math.sqrt(g * g + 1);
      g = d[m] - d[l] + e[l] / (g + (g < 0 ? -r : r));
      let [s, c, p] = [1, 1, 0];
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i];
        const b = c * e[i];
        r = Math.sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1] -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
      }
      if (r === 0 && i >= l) continue;
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
  return d;
}
