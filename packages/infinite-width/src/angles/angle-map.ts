import { DomainError } from "@sonde/core";
import { atan2, cos, hypot, log, sin } from "@sonde/core/math";

/**
 * The angle between the images of two inputs in an infinitely wide layer of a positively homogeneous activation (slope 1 above 0 and `slope` below), as a
 * function of the angle before it; weights of any variance, no bias. Cho and Saul 2009, with k = (1 - slope)^2 / (1 + slope^2):
 *
 *     cos theta' = cos theta + k (sin theta - theta cos theta) / pi
 *
 * `theta` and the result in radians, [0, pi]; relative error about 4e-16 for angles however small, since the map is evaluated as
 * sin^2(theta'/2) = sin^2(theta/2) (1 - k r(theta) / pi) with r = (sin theta - theta cos theta) / (1 - cos theta) from its series near 0.
 *
 * @throws DomainError unless theta lies in [0, pi] and the slope is finite
 * @see Cho and Saul 2009, eq. 6; Jakub and Nica, arXiv 2302.09712, section 3
 *
 * @example
 * angleMap(Math.PI / 2) // 1.2468502198629...
 * angleMap(1e-9) // 9.99999999893896...e-10
 */
export function angleMap(theta: number, slope = 0): number {
  if (!(theta >= 0 && theta <= Math.PI)) throw new DomainError(`an angle between two inputs lies in [0, pi], got ${theta}`);
  if (!Number.isFinite(slope)) throw new DomainError(`the slope below 0 is a finite number, got ${slope}`);
  const bend = ((1 - slope) * (1 - slope)) / (1 + slope * slope);
  if (bend <= 1) return 2 * halfAngle(theta, bend);
  // Slopes below 0 mix the identity with |z|, for which theta and pi - theta are alike: so nothing cancels near pi.
  const folded = halfAngle(Math.min(theta, Math.PI - theta), 2);
  const [s, c, foldedS, foldedC] = [sin(theta / 2), cos(theta / 2), sin(folded), cos(folded)];
  const share = bend / 2;
  // hypot, because squares of tiny angles underflow.
  const sine = hypot(Math.sqrt(1 - share) * s, Math.sqrt(share) * foldedS);
  return 2 * atan2(sine, hypot(Math.sqrt(1 - share) * c, Math.sqrt(share) * foldedC));
}

/** theta' / 2 without cancellation where theta <= pi / 2 or bend <= 1: its sine and cosine are both sums of what is not negative. */
function halfAngle(theta: number, bend: number): number {
  const lost = (bend / Math.PI) * curvature(theta);
  const [s, c] = [sin(theta / 2), cos(theta / 2)];
  return atan2(s * Math.sqrt(1 - lost), Math.sqrt(c * c + s * s * lost));
}

/** ln sin^2 of an angle in [0, pi], at most 0; -Infinity at 0. */
export function logSin2(theta: number): number {
  return 2 * log(sin(theta));
}

/** r(theta) = (sin theta - theta cos theta) / (1 - cos theta) = 2 theta / 3 + ..., increasing from 0 to pi / 2 on [0, pi]. */
function curvature(theta: number): number {
  if (theta > 0.8) return (sin(theta) - theta * cos(theta)) / (1 - cos(theta));
  // Both power series without their first factors theta^3 and theta^2: sum (-1)^(n+1) 2n theta^(2n-2) / (2n+1)! and sum (-1)^(n+1) theta^(2n-2) / (2n)!.
  const square = theta * theta;
  let numerator = 0;
  let denominator = 0;
  for (let n = 10, factorial = 2.43290200817664e18; n >= 1; n--) {
    // Here factorial = (2n)!.
    const sign = n % 2 === 1 ? 1 : -1;
    numerator = numerator * square + (sign * 2 * n) / (factorial * (2 * n + 1));
    denominator = denominator * square + sign / factorial;
    factorial /= 2 * n * (2 * n - 1);
  }
  return (theta * numerator) / denominator;
}
