import type { Series } from "../charts/line.js";
import { drawable } from "../drawable.js";
import type { Values } from "../figure.js";

/** What is drawn of an estimate: its value, null where there is none (as in JSON), and what is known of its error. */
export interface EstimateLike {
  readonly value: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
}

/** A mean over networks and their spread. */
export interface SpreadLike {
  readonly mean: number | null;
  readonly sd?: number | null;
}

/** The values of estimates, and their 95 % intervals. */
export function estimates(list: readonly (EstimateLike | undefined)[]): { y: Values; low: Values; high: Values } {
  return {
    y: list.map((one) => one?.value ?? null),
    low: list.map((one) => one?.low ?? null),
    high: list.map((one) => one?.high ?? null),
  };
}

/** Means, and a band of one standard deviation around them, which ends at the greatest possible value; no band where there is none. */
export function spreads(
  list: readonly (SpreadLike | undefined)[],
  greatest = Number.POSITIVE_INFINITY,
): Pick<Series, "y" | "low" | "high"> {
  const y = list.map((one) => one?.mean ?? null);
  if (!list.some((one) => drawable(one?.sd))) return { y };
  const around = (sign: number) =>
    list.map((one) => (drawable(one?.mean) && drawable(one.sd) ? Math.min(greatest, one.mean + sign * one.sd) : null));
  return { y, low: around(-1), high: around(1) };
}

/** Whether any of the values can be drawn. */
export function some(values: Values): boolean {
  return values.some(drawable);
}
