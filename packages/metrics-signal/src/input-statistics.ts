import { DomainError, type Matrix, row } from "@sonde/core";
import { columnsOf, repeats } from "./repeats.js";

/** What a set of points looks like before any layer. */
export interface InputStatistics {
  readonly points: number;
  readonly columns: number;
  /** The smallest and the largest value. */
  readonly low: number;
  readonly high: number;
  /** Mean and population standard deviation of all values. */
  readonly mean: number;
  readonly standardDeviation: number;
  /** Mean of x^2 over all values. */
  readonly meanSquare: number;
  /** The share of the power that is the mean, sum_i (E x_i)^2 / sum_i E x_i^2, in [0, 1]: 0 for centred columns, 1 where all points are equal; 0 of no power. */
  readonly meanShare: number;
  /** Columns with one value only, by index from 0. */
  readonly constantColumns: readonly number[];
  /** Columns that equal an earlier one at every point and are not constant. */
  readonly duplicateColumns: readonly number[];
  /** The smallest and the largest standard deviation of the columns that are not constant; 0 without one. */
  readonly columnScales: { readonly smallest: number; readonly largest: number };
  /** Columns that carry the variance, (sum of variances)^2 / sum of squared variances; 0 without variance. */
  readonly effectiveColumns: number;
  /** The largest |mean| of a column. */
  readonly largestColumnMean: number;
  /** Points that are zero in every column. */
  readonly zeroPoints: number;
  /** Points that equal an earlier one. */
  readonly duplicatePoints: number;
}

/**
 * Describes a set of points `[points, columns]`: range, mean and standard deviation of all values and by column, the share of the power that is the mean, constant and duplicate columns, zero and
 * duplicate points.
 *
 * Throws `DomainError` for no points, or a value that is not finite.
 *
 * @example
 * const { meanShare, constantColumns, zeroPoints } = inputStatistics(matrixFromRows([[0, 0], [2, 0]]));
 * [meanShare, constantColumns, zeroPoints] // [0.5, [1], 1]
 */
export function inputStatistics({ rows, cols, data }: Matrix): InputStatistics {
  if (rows === 0) throw new DomainError("a set of points has at least one, got none: give one row or more");
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let squares = 0;
  for (const value of data) {
    if (!Number.isFinite(value)) throw new DomainError(`inputs are finite numbers, got ${value}: leave such points out`);
    low = Math.min(low, value);
    high = Math.max(high, value);
    sum += value;
    squares += value * value;
  }
  const mean = sum / data.length;
  let spread = 0;
  for (const value of data) spread += (value - mean) * (value - mean);
  const columns = Array.from({ length: cols }, (_, c) => columnOf({ rows, cols, data }, c));
  const varying = columns.flatMap(({ sd }) => (sd > 0 ? [sd] : []));
  const power = squares / rows;
  const variances = columns.reduce((total, { sd }) => total + sd * sd, 0);
  const squaredVariances = columns.reduce((total, { sd }) => total + sd * sd * sd * sd, 0);
  const points = Array.from({ length: rows }, (_, p) => row({ rows, cols, data }, p));
  return {
    points: rows,
    columns: cols,
    low,
    high,
    mean,
    standardDeviation: Math.sqrt(spread / data.length),
    meanSquare: squares / data.length,
    meanShare: power > 0 ? Math.min(1, columns.reduce((total, column) => total + column.mean * column.mean, 0) / power) : 0,
    constantColumns: columns.flatMap(({ sd }, c) => (sd === 0 ? [c] : [])),
    duplicateColumns: repeats(
      columns.flatMap(({ sd }, c) => (sd === 0 ? [] : [c])),
      columnsOf(data, cols, (c) => columns[c].mean),
    ),
    columnScales: {
      smallest: varying.length > 0 ? varying.reduce((a, b) => Math.min(a, b)) : 0,
      largest: varying.reduce((a, b) => Math.max(a, b), 0),
    },
    largestColumnMean: columns.reduce((most, column) => Math.max(most, Math.abs(column.mean)), 0),
    effectiveColumns: squaredVariances > 0 ? (variances * variances) / squaredVariances : 0,
    zeroPoints: points.filter((x) => x.every((value) => value === 0)).length,
    duplicatePoints: repeats([...points.keys()], {
      keyOf: (p) => total(points[p]),
      equal: (p, q) => points[p].every((value, c) => value === points[q][c]),
    }).length,
  };
}

function columnOf({ rows, cols, data }: Matrix, c: number): { mean: number; sd: number } {
  // Relative to the first value, so that a constant column has exactly no spread.
  const first = data[c];
  const values = new Float64Array(rows);
  for (let p = 0; p < rows; p++) values[p] = data[p * cols + c];
  const shift = values.reduce((sum, value) => sum + (value - first), 0) / rows;
  const variance = values.reduce((sum, value) => sum + (value - first - shift) * (value - first - shift), 0) / rows;
  const constant = values.every((value) => value === first);
  return { mean: first + shift, sd: constant ? 0 : Math.sqrt(variance) };
}

function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k];
  return sum;
}
