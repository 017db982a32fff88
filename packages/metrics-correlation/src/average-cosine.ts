import { type Activations, pointRows, row } from "@sonde/core";

/** The cosines between the points of one layer, averaged. */
export interface AverageCosine {
  /** In [-1, 1]; `undefined` where fewer than two points are not zero. */
  readonly value: number | undefined;
  /** Points that are not zero: the average is over all pairs of them. */
  readonly points: number;
  /** Points that are zero and so have no direction. */
  readonly zeroPoints: number;
}

/**
 * The average cosine over all pairs of points, from the sum of their unit vectors u_p: (|sum u_p|^2 - P) / (P (P - 1)). One for points on one ray, about 0 for points in all
 * directions, at least -1 / (P - 1).
 *
 * `[points, units]` or `[points, ...positions, channels]` `-> number`; zero points are left out and counted.
 *
 * @example
 * averageCosine([[1, 0], [0, 2], [3, 3], [0, 0]]) // { value: 0.47140452079103..., points: 3, zeroPoints: 1 }
 */
export function averageCosine(activations: Activations): AverageCosine {
  const x = pointRows(activations);
  const sum = new Float64Array(x.cols);
  let points = 0;
  for (let p = 0; p < x.rows; p++) {
    const point = row(x, p);
    // Scaled by the largest entry first, so that squares stay in range.
    let largest = 0;
    for (const value of point) largest = Math.max(largest, Math.abs(value));
    if (largest === 0) continue;
    let squares = 0;
    for (const value of point) squares += (value / largest) * (value / largest);
    const length = Math.sqrt(squares);
    for (let j = 0; j < x.cols; j++) sum[j] += point[j] / largest / length;
    points++;
  }
  const zeroPoints = x.rows - points;
  if (points < 2) return { value: undefined, points, zeroPoints };
  let squares = 0;
  for (const value of sum) squares += value * value;
  return { value: Math.min(1, (squares - points) / (points * (points - 1))), points, zeroPoints };
}
