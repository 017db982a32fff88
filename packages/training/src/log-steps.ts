import { pow } from "@sonde/core/math";

/**
 * Steps at which networks are looked at: 0, about `count` steps evenly spaced by their logarithm from 1 on, and the last.
 *
 * @example
 * logSteps(100, 5) // [0, 1, 3, 10, 32, 100]
 */
export function logSteps(steps: number, count: number): number[] {
  const seen = new Set([0]);
  for (let k = 0; k < count; k++) seen.add(Math.round(pow(steps, k / Math.max(1, count - 1))));
  seen.add(steps);
  return [...seen].sort((a, b) => a - b);
}
