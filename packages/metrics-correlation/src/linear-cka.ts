import { type Activations, type Matrix, pointRows, ShapeError } from "@sonde/core";
import { type CentredPoints, centredPoints, squaredProduct } from "./centred-points.js";

export interface LinearCkaOptions {
  /** Take the bias of few points away (at least 4 of them); may then be slightly below 0. Default false. */
  readonly debiased?: boolean;
}

/**
 * Linear centred kernel alignment: how alike two layers arrange the same points, whatever their units. With the columns of X and Y centred over the points,
 *
 *     CKA = |X^T Y|_F^2 / (|X^T X|_F |Y^T Y|_F),
 *
 * in [0, 1]; 1 for layers that differ by a rotation and a scale. With few points and many units it is near 1 for unrelated layers too: `debiased` puts the unbiased HSIC estimator in place of each
 * of the three norms.
 *
 * `[points, units], [points, other units] -> number`, positions flattened; `undefined`, never NaN, where all points of a layer are equal (debiased: where an estimate of its norm is not above 0).
 *
 * @throws ShapeError for different numbers of points, or fewer than 2 (debiased: 4)
 * @see Kornblith, Norouzi, Lee, Hinton 2019 (arXiv 1905.00414); Song, Smola, Gretton, Bedo, Borgwardt 2012, JMLR 13, equation 5; Nguyen, Raghu, Kornblith 2021 (arXiv 2010.15327)
 *
 * @example
 * linearCka([[1, 0], [0, 1], [-1, -1]], [[0, 2], [-2, 0], [2, -2]]) // 0.9999999999999...
 * linearCka([[1], [-1], [1], [-1]], [[1], [1], [-1], [-1]]) // 0
 */
export function linearCka(x: Activations, y: Activations, { debiased = false }: LinearCkaOptions = {}): number | undefined {
  const [a, b] = [pointRows(x), pointRows(y)];
  if (a.rows !== b.rows) throw new ShapeError(`CKA compares two layers on the same points, got ${a.rows} and ${b.rows} points`);
  const least = leastPoints(debiased);
  if (a.rows < least) throw new ShapeError(`${debiased ? "debiased " : ""}CKA needs at least ${least} points, got ${a.rows}`);
  return alignment(alignable(a, debiased), alignable(b, debiased));
}

/** The fewest points whose alignment is defined. */
export function leastPoints(debiased: boolean): number {
  return debiased ? 4 : 2;
}

/** A layer ready to be compared. */
export interface Alignable extends CentredPoints {
  readonly debiased: boolean;
  /** |X^T X|_F^2, or the unbiased estimate in its place. */
  readonly norm: number;
}

/** A layer's points ready to be compared with others. */
export function alignable(points: Matrix, debiased: boolean): Alignable {
  const centred = centredPoints(points);
  return { ...centred, debiased, norm: product(centred, centred, debiased) };
}

/** The alignment of two layers on the same points; `undefined` where one of them has none. */
export function alignment(x: Alignable, y: Alignable): number | undefined {
  if (!(x.norm > 0 && y.norm > 0)) return undefined;
  const value = product(x, y, x.debiased) / Math.sqrt(x.norm) / Math.sqrt(y.norm);
  return x.debiased ? value : Math.min(1, value);
}

function product(x: CentredPoints, y: CentredPoints, debiased: boolean): number {
  return debiased ? unbiasedProduct(x, y) : squaredProduct(x, y);
}

/**
 * The unbiased estimator of the Hilbert-Schmidt independence criterion, up to a factor that cancels: with K = X X^T and L = Y Y^T without their diagonals,
 * tr(K L) + 1^T K 1 1^T L 1 / ((P - 1) (P - 2)) - 2 / (P - 2) 1^T K L 1. It does not see where the origin is, and for centred points the row sums are minus the squared lengths.
 */
function unbiasedProduct(x: CentredPoints, y: CentredPoints): number {
  const points = x.squares.length;
  let both = 0;
  let xSum = 0;
  let ySum = 0;
  for (let p = 0; p < points; p++) {
    both += x.squares[p] * y.squares[p];
    xSum += x.squares[p];
    ySum += y.squares[p];
  }
  return squaredProduct(x, y) - both + (xSum * ySum) / ((points - 1) * (points - 2)) - (2 / (points - 2)) * both;
}
