import { type Activations, DomainError, type Matrix, pointRows, row } from "@sonde/core";

export interface GramRankOptions {
  /** Pivots above this share of the first one count, in [0, 1). Default max(points, units) 2^-52, for float32 activations 2^-23. */
  readonly tolerance?: number;
}

/**
 * The numerical rank of the Gram matrix X X^T of the points, and so of X: how many directions the points still span. It is the number of pivots of the Gram matrix's pivoted Cholesky factor
 * above `tolerance` times the first; they are found from X itself by Gram-Schmidt on the longest remaining point, so that small directions are not squared away.
 *
 * `[points, units]` or `[points, ...positions, channels]` `-> number` from 0 (all points zero) to min(points, units). Costs points x units x rank steps.
 *
 * @throws DomainError for a tolerance outside [0, 1)
 *
 * @example
 * gramRank([[1, 0, 1], [0, 1, 1], [1, 1, 2]]) // 2
 * gramRank([[1, 0], [1, 1e-9]]) // 2
 * gramRank([[1, 0], [1, 1e-9]], { tolerance: 1e-6 }) // 1
 */
export function gramRank(activations: Activations, options: GramRankOptions = {}): number {
  const x = pointRows(activations);
  const epsilon = x.data instanceof Float32Array ? 2 ** -23 : 2 ** -52;
  const { tolerance = Math.max(x.rows, x.cols) * epsilon } = options;
  if (!(tolerance >= 0 && tolerance < 1))
    throw new DomainError(`the tolerance of a rank is a share of the longest point, from 0 to below 1, got ${tolerance}`);
  const points = normalisedRows(x);
  const squares = Float64Array.from(points, squaredLength);
  let first = 0;
  for (let rank = 0; rank < Math.min(x.rows, x.cols); rank++) {
    const k = rank + indexOfLargest(squares.subarray(rank));
    const length = Math.sqrt(squares[k]);
    if (rank === 0) first = length;
    if (length === 0 || length <= tolerance * first) return rank;
    // The first `rank` places hold the directions found.
    [points[rank], points[k]] = [points[k], points[rank]];
    squares[k] = squares[rank];
    const direction = points[rank];
    for (let j = 0; j < direction.length; j++) direction[j] /= length;
    for (let p = rank + 1; p < points.length; p++) squares[p] = squaredRest(points[p], direction);
  }
  return Math.min(x.rows, x.cols);
}

/** Takes the part along a unit vector away, in place, and returns the squared length of what is left. */
function squaredRest(point: Float64Array, direction: Float64Array): number {
  let along = 0;
  for (let j = 0; j < point.length; j++) along += point[j] * direction[j];
  let squares = 0;
  for (let j = 0; j < point.length; j++) {
    const value = point[j] - along * direction[j];
    point[j] = value;
    squares += value * value;
  }
  return squares;
}

/** The points as float64 over the largest entry of all, so that squares stay in range. */
function normalisedRows(x: Matrix): Float64Array[] {
  let largest = 0;
  for (const value of x.data) largest = Math.max(largest, Math.abs(value));
  return Array.from({ length: x.rows }, (_, p) => Float64Array.from(row(x, p), (value) => (largest === 0 ? 0 : value / largest)));
}

function indexOfLargest(values: Float64Array): number {
  let found = 0;
  for (let k = 1; k < values.length; k++) if (values[k] > values[found]) found = k;
  return found;
}

function squaredLength(x: Float64Array): number {
  let squares = 0;
  for (let j = 0; j < x.length; j++) squares += x[j] * x[j];
  return squares;
}
