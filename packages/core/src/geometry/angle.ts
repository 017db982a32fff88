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

/**
 * The angle between two vectors, without cancellation where they are nearly parallel: with the unit vectors a and b, d = |a - b| and s = |a + b|,
 *
 *     theta = 2 atan2(d, s),   sin theta = d s / 2,   cos theta = (s^2 - d^2) / 4.
 *
 * `[n], [n] -> Angle`, relative error of theta about 1e-16 / theta. Returns `undefined`, never NaN, if a vector is zero.
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
  const [xScale, xRest] = lengthFactors(x);
  const [yScale, yRest] = lengthFactors(y);
  if (xScale === 0 || yScale === 0) return undefined;
  const ordinary = xRest === 1 && yRest === 1;
  let difference = 0;
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    // Divided, not multiplied by a reciprocal: so collinear vectors come out bit-equal where their lengths are exact.
    const a = ordinary ? x[i] / xScale : x[i] / xScale / xRest;
    const b = ordinary ? y[i] / yScale : y[i] / yScale / yRest;
    difference += (a - b) * (a - b);
    sum += (a + b) * (a + b);
  }
  const d = Math.sqrt(difference);
  const s = Math.sqrt(sum);
  return { theta: 2 * atan2(d, s), logSin2: 2 * log(Math.min(1, (d * s) / 2)), cosine: (sum - difference) / 4 };
}

/**
 * Euclidean length as a product of two factors: the length and 1, or for entries whose squares would leave float64's range the largest of them and the length relative
 * to it.
 */
function lengthFactors(x: ArrayLike<number>): [scale: number, rest: number] {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += x[i] * x[i];
  if (squares > 1e-280 && squares < 1e280) return [Math.sqrt(squares), 1];
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]));
  if (largest === 0) return [0, 1];
  let relative = 0;
  for (let i = 0; i < x.length; i++) relative += (x[i] / largest) * (x[i] / largest);
  return [largest, Math.sqrt(relative)];
}
