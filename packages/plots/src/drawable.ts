import type { Values } from "./figure.js";

/** Whether a value can be drawn: a number, and not so large that the length of an axis would overflow. */
export function drawable(value: number | null | undefined): value is number {
  return typeof value === "number" && Math.abs(value) <= 1e300;
}

/** The least and the greatest of the values that can be drawn, of those above 0 where only they count; undefined where there is none. */
export function extent(lists: readonly Values[], positive = false): [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of lists)
    for (const value of values) {
      if (!drawable(value) || (positive && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return low <= high ? [low, high] : undefined;
}
