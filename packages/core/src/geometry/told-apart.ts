import { type Angle, angleBetween } from "./angle.js";

/** ln sin^2 of 3e-16: directions closer to one line are the same, rounded. */
const rounding = -71.5;

/** Whether an angle is 0 but for rounding: the two lie on one ray. Those on opposite rays do not. */
export function isOneRay({ logSin2, cosine }: Pick<Angle, "logSin2" | "cosine">): boolean {
  return logSin2 <= rounding && cosine > 0;
}

/** Whether an angle is 0 or pi but for rounding. */
export function isOneLine({ logSin2 }: Pick<Angle, "logSin2">): boolean {
  return logSin2 <= rounding;
}

/**
 * Whether the angle of two points tells them apart: neither is zero, and they do not lie on one ray from 0.
 *
 * Throws as `angleBetween` does.
 *
 * @example
 * toldApart([1, 2], [2, 4]) // false
 * toldApart([1, 2], [-1, -2]) // true
 * toldApart([1, 2], [0, 0]) // false
 */
export function toldApart(x: ArrayLike<number>, y: ArrayLike<number>): boolean {
  const angle = angleBetween(x, y);
  return angle !== undefined && !isOneRay(angle);
}
