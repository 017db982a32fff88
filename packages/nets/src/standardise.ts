import { type Matrix, matrix } from "@sonde/core";

/** Points with every feature brought to mean 0 and variance 1. */
export interface Standardised {
  readonly points: Matrix<Float64Array>;
  /** Features without spread, by their indices: they become 0. */
  readonly constant: readonly number[];
}

/**
 * Brings every feature to mean 0 and (population) variance 1 over the points: (x - mean) / sd. `[points, features]`; with `channels` the columns are
 * `[...positions, channels]` and a channel is one feature over points and positions. A constant feature becomes 0, never NaN. The result lies in `out`, which may be
 * the points' own data and is new by default.
 *
 * @example
 * standardise(matrixFromRows([[1, 5], [3, 5]])).points.data // [-1, 0, 1, 0]
 * standardise(matrixFromRows([[1, 5], [3, 5]])).constant // [1]
 */
export function standardise(
  points: Matrix,
  {
    channels = points.cols,
    out = new Float64Array(points.data.length),
  }: { readonly channels?: number; readonly out?: Float64Array } = {},
): Standardised {
  const { data } = points;
  const constant: number[] = [];
  const count = data.length / channels;
  for (let c = 0; c < channels; c++) {
    // Relative to the first value, so that a constant feature has exactly no spread.
    const first = data[c];
    let sum = 0;
    for (let k = c; k < data.length; k += channels) sum += data[k] - first;
    const mean = sum / count;
    let squares = 0;
    for (let k = c; k < data.length; k += channels) squares += (data[k] - first - mean) * (data[k] - first - mean);
    const sd = Math.sqrt(squares / count);
    const constantHere = !(sd > 0);
    if (constantHere) constant.push(c);
    for (let k = c; k < data.length; k += channels) out[k] = constantHere ? 0 : (data[k] - first - mean) / sd;
  }
  return { points: matrix(points.rows, points.cols, out), constant };
}
