import { DomainError, ShapeError } from "../errors.js";
import { atan2, log, log2 } from "../math.js";
import { decompose } from "./decompose.js";

/** How two vectors lie to one another. */
export interface Angle {
  /** In [0, pi], radians. */
  readonly theta: number;
  /** ln sin^2 theta, at most 0; -Infinity for collinear vectors. */
  readonly logSin2: number;
  /** cos theta. */
  readonly cosine: number;
}

/** Squared distance of unit vectors below which their difference is too coarse, and the vectors are taken apart instead. */
const near = 0.01;

/**
 * The angle between two vectors, without cancellation: with the unit vectors a and b, d = |a - b| and s = |a + b|,
 *
 *     theta = 2 atan2(d, s),   sin theta = d s / 2,   cos theta = (s^2 - d^2) / 4,
 *
 * and near 0 and pi, where a and b are rounded too coarsely, from y = ratio x + rest with the rest orthogonal to x,
 *
 *     theta = atan2(|rest|, ratio |x|),   sin theta = |rest| / |y|.
 *
 * `[n], [n] -> Angle`, error of theta about 1e-15 of it and at most 1e-31 more; vectors that are not further from one line are collinear. Returns `undefined`, never NaN, if a
 * vector is zero.
 *
 * @throws ShapeError if the lengths differ, DomainError if an entry is not finite
 * @see Kahan, "How futile are mindless assessments of roundoff", section 12
 *
 * @example
 * angleBetween([1, 0], [0, 2])?.theta // 1.5707963267948966
 * angleBetween([1, 3], [1 + 2 ** -52, 3])?.theta // 6.66133814775093...e-17
 */
export function angleBetween(x: ArrayLike<number>, y: ArrayLike<number>): Angle | undefined {
  if (x.length !== y.length)
    throw new ShapeError(`two vectors of equal length have an angle, got lengths ${x.length} and ${y.length}`);
  let xSquares = 0;
  let ySquares = 0;
  for (let i = 0; i < x.length; i++) {
    xSquares += x[i] * x[i];
    ySquares += y[i] * y[i];
  }
  if (!(isComfortable(xSquares) && isComfortable(ySquares))) return comfortableAngle(x, y);
  const [xLength, yLength] = [Math.sqrt(xSquares), Math.sqrt(ySquares)];
  const [xInverse, yInverse] = [1 / xLength, 1 / yLength];
  let difference = 0;
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const a = x[i] * xInverse;
    const b = y[i] * yInverse;
    difference += (a - b) * (a - b);
    sum += (a + b) * (a + b);
  }
  if (difference < near || sum < near) {
    const { ratio, rest } = decompose(x, y);
    const largest = largestEntry(rest);
    const cosine = Math.sign(ratio);
    if (largest === 0) return { theta: ratio > 0 ? 0 : Math.PI, logSin2: Number.NEGATIVE_INFINITY, cosine };
    const sine = (Math.sqrt(squaredLength(rest.map((value) => value / largest))) * largest) / yLength;
    return {
      theta: atan2(sine * yLength, ratio * xLength),
      logSin2: 2 * log(sine),
      cosine: cosine * Math.sqrt((1 - sine) * (1 + sine)),
    };
  }
  const d = Math.sqrt(difference);
  const s = Math.sqrt(sum);
  return { theta: 2 * atan2(d, s), logSin2: 2 * log(Math.min(1, (d * s) / 2)), cosine: (sum - difference) / 4 };
}

/** Whether a sum of squares is within the range of float64. */
function isComfortable(squares: number): boolean {
  return squares > 1e-200 && squares < 1e200;
}

function squaredLength(x: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += x[i] * x[i];
  return squares;
}

/** The same after scaling both vectors by powers of two, which keeps every digit. */
function comfortableAngle(x: ArrayLike<number>, y: ArrayLike<number>): Angle | undefined {
  const [a, b] = [x, y].map((vector) => {
    const largest = largestEntry(vector);
    if (!Number.isFinite(largest)) throw new DomainError(`an angle is between vectors of finite numbers, got ${largest}`);
    if (largest === 0) return undefined;
    const scale = 2 ** Math.max(-1000, Math.min(1000, -Math.floor(log2(largest))));
    return Float64Array.from(vector, (value) => value * scale);
  });
  return a && b && angleBetween(a, b);
}

function largestEntry(x: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]));
  return largest;
}
