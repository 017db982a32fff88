import { NumericalError, ShapeError } from "../errors.js";
import { type Matrix, matrix } from "../matrix.js";
import { type Tridiagonal, tridiagonal } from "./tridiagonal.js";

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
  return implicitQl(checkedTridiagonal(m)).sort().reverse();
}

/** A = V^T diag(values) V. */
export interface SymmetricEigen {
  /** Descending. */
  readonly values: Float64Array;
  /** V: row k is the eigenvector of `values[k]`, of length 1, `[n, n]`. */
  readonly vectors: Matrix<Float64Array>;
}

/**
 * The eigenvalues of a symmetric matrix and its eigenvectors, as `symmetricEigenvalues` computes them: `[n, n]`; only the lower triangle is read. About 6 n^3
 * multiplications.
 *
 * Throws as `symmetricEigenvalues` does.
 *
 * @see Golub and Van Loan, Matrix Computations, 8.3
 *
 * @example
 * symmetricEigen(matrixFromRows([[2, 0], [0, 3]])).vectors.data.map(Math.abs).join() // "0,1,1,0"
 */
export function symmetricEigen(m: Matrix): SymmetricEigen {
  const reduced = checkedTridiagonal(m, true);
  const found = implicitQl(reduced);
  const order = Array.from(found.keys()).sort((i, j) => found[j] - found[i]);
  const vectors = matrix(m.rows, m.rows);
  for (const [k, from] of order.entries()) vectors.data.set(reduced.columns?.[from] ?? [], k * m.rows);
  return { values: Float64Array.from(order, (k) => found[k]), vectors };
}

function checkedTridiagonal(m: Matrix, withColumns = false): Tridiagonal {
  if (m.rows !== m.cols) throw new ShapeError(`eigenvalues need a square matrix, got ${m.rows} x ${m.cols}`);
  const reduced = tridiagonal(m, withColumns);
  if (!reduced.diagonal.every(Number.isFinite) || !reduced.below.every(Number.isFinite))
    throw new NumericalError("eigenvalues need finite entries whose squares are finite: scale the matrix");
  return reduced;
}

/** Steps for one eigenvalue after which something must be wrong; three are typical. */
const mostSteps = 60;

/** Steps after which what couples two eigenvalues need only be small beside the largest: beside eigenvalues that are themselves rounding it may never be. */
const patientSteps = 30;

/** The eigenvalues of a tridiagonal matrix, in place of its diagonal; its columns become their eigenvectors. */
function implicitQl({ diagonal: d, below, columns }: Tridiagonal): Float64Array {
  const n = d.length;
  const e = new Float64Array(n);
  e.set(below.subarray(1));
  let largest = 0;
  for (let k = 0; k < n; k++) largest = Math.max(largest, Math.abs(d[k]), Math.abs(e[k]));
  for (let l = 0; l < n; l++) {
    for (let step = 0; ; step++) {
      let m = l;
      const least = step < patientSteps ? 0 : largest;
      while (m < n - 1 && Math.abs(e[m]) > Number.EPSILON * Math.max(least, Math.abs(d[m]) + Math.abs(d[m + 1]))) m++;
      if (m === l) break;
      if (step === mostSteps) throw new NumericalError("the eigenvalues did not settle: scale the matrix");
      let g = (d[l + 1] - d[l]) / (2 * e[l]);
      let r = Math.sqrt(g * g + 1);
      g = d[m] - d[l] + e[l] / (g + (g < 0 ? -r : r));
      let s = 1;
      let c = 1;
      let p = 0;
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
        if (columns) rotate(columns[i], columns[i + 1], c, s);
      }
      if (r === 0 && i >= l) continue;
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
  return d;
}

function rotate(a: Float64Array, b: Float64Array, c: number, s: number): void {
  for (let k = 0; k < a.length; k++) {
    const f = b[k];
    b[k] = s * a[k] + c * f;
    a[k] = c * a[k] - s * f;
  }
}
