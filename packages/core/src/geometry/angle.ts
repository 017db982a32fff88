import { ShapeError } from "../errors.js";
import { atan2, log } from "../math.js";

/** How two vectors lie to one another. */
export interface Angle {
  /** In [0, pi], radians. */
  readonly theta: number;
  /** ln sin^2 theta, at most 0; -Infinity for collinear vectors. */
  readonly logSin2: number;
  /** cos theta. */
  readonly cosine: number;
}

/** Squared distance of unit vectors below which they are the same up to rounding. */
const collinear = 1e-31;

/**
 * The angle between two vectors, without cancellation where they are nearly parallel: with the unit vectors a and b, d = |a - b| and s = |a + b|,
 *
 *     theta = 2 atan2(d, s),   sin theta = d s / 2,   cos theta = (s^2 - d^2) / 4.
 *
 * `[n], [n] -> Angle`, error of theta about 2e-16. Vectors within 3e-16 of the same line are collinear. Returns `undefined`, never NaN, if a vector is zero.
 *
 * @throws ShapeError if the lengths differ
 * @see Kahan, "How futile are mindless assessments of roundoff", section 12
 *
 * @example
 * angleBetween([1, 0], [0, 2])?.theta // 1.5707963267948966
 */
export function angleBetween(x: ArrayLike<number>, y: ArrayLike<number>): Angle | undefined {
  if (x.length !== y.length)
    throw new ShapeError(`two vectors of equal length have an angle, got lengths ${x.length} and ${y.length}`);
  const [xInverse, yInverse] = [inverseLength(x), inverseLength(y)];
  if (xInverse === undefined || yInverse === undefined) return comfortableAngle(x, y);
  let difference = 0;
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const a = x[i] * xInverse;
    const b = y[i] * yInverse;
    difference += (a - b) * (a - b);
    sum += (a + b) * (a + b);
  }
  if (difference < collinear) difference = 0;
  if (sum < collinear) sum = 0;
  const d = Math.sqrt(difference);
  const s = Math.sqrt(sum);
  return { theta: 2 * atan2(d, s), logSin2: 2 * log(Math.min(1, (d * s) / 2)), cosine: (sum - difference) / 4 };
}

/** 1 / length; `undefined` where squares leave the range of float64. */
function inverseLength(x: ArrayLike<number>): number | undefined {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += x[i] * x[i];
  return squares > 1e-280 && squares < 1e280 ? 1 / Math.sqrt(squares) : undefined;
}

/** The same after scaling both vectors by their largest entries. */
function comfortableAngle(x: ArrayLike<number>, y: ArrayLike<number>): Angle | undefined {
  const [a, b] = [x, y].map((vector) => {
    let largest = 0;
    for (let i = 0; i < vector.length; i++) largest = Math.max(largest, Math.abs(vector[i]));
    return largest === 0 ? undefined : Float64Array.from(vector, (value) => value / largest);
  });
  return a && b && angleBetween(a, b);
}
