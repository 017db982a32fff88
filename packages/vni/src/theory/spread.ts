import type { SlopeMoments } from "./slope-moments.js";

/**
 * Expectations over networks for J, the Jacobian at one input: `square` of ||J J^T||_F^2, `trace` of (tr J J^T)^2 and `diagonal` of the sum of the squared diagonal entries of J J^T, up to a
 * common factor.
 */
export interface Spread {
  readonly square: number;
  readonly trace: number;
  readonly diagonal: number;
}

/** Of the identity of so many inputs. */
export function initialSpread(inputs: number): Spread {
  return normalised({ square: inputs, trace: inputs * inputs, diagonal: inputs });
}

/**
 * After independent normal weights from any number of units to m, exactly: with A = tr S^2 and B = (tr S)^2 of S = J J^T, E tr (W S W^T)^2 = (m^2 + m) A + m B and E (tr W S W^T)^2 = m^2 B + 2 m A. Independent weights of
 * another law agree to the first order in 1 / width.
 */
export function throughIndependent({ square, trace }: Spread, m: number): Spread {
  return normalised({
    square: (m * m + m) * square + m * trace,
    trace: m * m * trace + 2 * m * square,
    diagonal: m * (trace + 2 * square),
  });
}

/** After the corner of a Haar-distributed orthogonal matrix from n to m units, exactly. */
export function throughOrthogonal({ square, trace }: Spread, n: number, m: number): Spread {
  const size = Math.max(n, m);
  const diagonal = (m * (trace + 2 * square)) / (size * (size + 2));
  if (m >= n) return normalised({ square, trace, diagonal });
  // E P_ij P_kl = a d_ij d_kl + b (d_ik d_jl + d_il d_jk) for the projection P onto m of n dimensions.
  const b = (m * (n - m)) / (n * (n + 2) * (n - 1));
  const a = (m * m - 2 * b * n) / (n * n);
  return normalised({ square: (a + b) * square + b * trace, trace: a * trace + 2 * b * square, diagonal });
}

/** After slopes that are independent of each other and of J: exact for linear layers, otherwise to the first order in 1 / width. */
export function throughSlopes({ square, trace, diagonal }: Spread, { mu1, mu2 }: SlopeMoments): Spread {
  const excess = mu2 - mu1 * mu1;
  return normalised({
    square: mu1 * mu1 * square + excess * diagonal,
    trace: mu1 * mu1 * trace + excess * diagonal,
    diagonal: mu2 * diagonal,
  });
}

/** Only ratios matter: the numbers of a thousand layers stay near 1. */
function normalised({ square, trace, diagonal }: Spread): Spread {
  return { square: square / trace, trace: 1, diagonal: diagonal / trace };
}
