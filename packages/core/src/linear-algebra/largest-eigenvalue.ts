import { dot } from "./dot.js";
import { topOfTridiagonal } from "./top-of-tridiagonal.js";

/** The largest eigenvalue of a symmetric matrix, and how sure it is. */
export interface LargestEigenvalue {
  readonly value: number;
  /** |A v - value v| for the unit vector v found: an eigenvalue lies within it of `value`. */
  readonly residual: number;
  /** Products with the matrix. */
  readonly steps: number;
}

/** Residual over value at which the search ends. The error of the value itself is about its square over the relative gap to the next eigenvalue. */
const enough = 1e-8;

/**
 * The largest eigenvalue of a positive semidefinite matrix, given only its products with vectors, by Lanczos' method with full reorthogonalisation: `apply` fills `out` with A v.
 * Ends at a residual of 1e-8 of the value, or after n steps, when nothing is left.
 *
 * @see Golub and Van Loan, Matrix Computations, 10.3
 *
 * @example
 * largestEigenvalue(2, (v, out) => out.set([2 * v[0] + v[1], v[0] + 2 * v[1]])).value.toFixed(12) // "3.000000000000"
 */
export function largestEigenvalue(n: number, apply: (v: Float64Array, out: Float64Array) => void): LargestEigenvalue {
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const below: number[] = [];
  let v = unevenUnitVector(n);
  const w = new Float64Array(n);
  let best: LargestEigenvalue = { value: 0, residual: 0, steps: 0 };
  while (basis.length < n) {
    basis.push(v);
    apply(v, w);
    diagonal.push(dot(v, w));
    for (let pass = 0; pass < 2; pass++)
      for (const q of basis) {
        const along = dot(q, w);
        for (let i = 0; i < n; i++) w[i] -= along * q[i];
      }
    const next = Math.sqrt(dot(w, w));
    const { value, last } = topOfTridiagonal(diagonal, below, best.value);
    best = { value, residual: next * Math.abs(last), steps: basis.length };
    if (!(best.residual > enough * value) || next <= 1e-15 * value) break;
    below.push(next);
    v = w.map((x) => x / next);
  }
  return best;
}

/** A unit vector without symmetry, always the same: orthogonal to no eigenvector but by accident. `n -> [n]`. */
export function unevenUnitVector(n: number): Float64Array {
  let state = 1;
  const v = Float64Array.from({ length: n }, () => {
    state = Math.imul(state, 1664525) + 1013904223;
    return (state >>> 8) / 2 ** 24 - 0.5;
  });
  const length = Math.sqrt(dot(v, v));
  return v.map((x) => x / length);
}
