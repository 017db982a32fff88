import type { LayerStatistics } from "./layer-statistics.js";

/** The mean squared correlation over the units that are not constant, and ||S||_F^2 / (tr S)^2. */
export interface Similarity {
  readonly vni: number;
  readonly weighted: number;
}

/**
 * Takes out what a finite number M of points adds. The weighted VNI becomes the ratio of unbiased estimators of tr Sigma^2 and (tr Sigma)^2, which hold for any law of the points: with the unbiased
 * covariance S and Q = sum |x - mean|^4 / (M - 1), up to a common factor,
 *
 *     tr Sigma^2 ~ (M - 1)(M - 2) tr S^2 + (tr S)^2 - M Q,   (tr Sigma)^2 ~ 2 tr S^2 + (M^2 - 3 M + 1) (tr S)^2 - M Q.
 *
 * The unweighted one is corrected to first order, (R (M - 1) - 1) / (M - 2): every squared correlation r becomes r - (1 - r) / (M - 2), as for Gaussian data. Without centring both
 * keep one more degree of freedom. NaN below 4 (3 uncentred: 2) points.
 *
 * @see Himeno and Yamada, J. Multivariate Analysis 130 (2014)
 */
export function withoutBias(
  raw: Similarity,
  { points: m, square, quartic }: Pick<LayerStatistics, "points" | "square" | "quartic">,
  centred: boolean,
): Similarity {
  // In units of (tr S)^2, S being the sum of squares over the degrees of freedom.
  if (!centred) {
    const own = quartic / (square * square);
    return {
      vni: m > 1 ? (raw.vni * m - 1) / (m - 1) : Number.NaN,
      weighted: m > 1 ? (raw.weighted - own) / (1 - own) : Number.NaN,
    };
  }
  const q = (quartic * (m - 1)) / (square * square);
  const squares = (m - 1) * (m - 2) * raw.weighted + 1 - m * q;
  const traces = 2 * raw.weighted + (m * m - 3 * m + 1) - m * q;
  return {
    vni: m > 2 ? (raw.vni * (m - 1) - 1) / (m - 2) : Number.NaN,
    weighted: m > 3 ? squares / traces : Number.NaN,
  };
}
