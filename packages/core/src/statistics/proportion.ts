import { DomainError } from "../errors.js";
import type { Estimate } from "../estimate.js";
import { normal95 } from "./student.js";

/**
 * The Wilson score interval of a probability, from `successes` in `n` independent trials: all p with |p^ - p| <= z sqrt(p (1 - p) / n),
 * (p^ + z^2/2n -+ z sqrt(p^ (1 - p^) / n + z^2/4n^2)) / (1 + z^2/n). Within [0, 1], and of positive width for every outcome; z = 1.959964 makes
 * it a 95 % interval.
 *
 * Throws `DomainError` unless `n` is a whole number >= 1, `successes` one from 0 to n, and z > 0. Source: Wilson 1927.
 *
 * @example
 * wilson(0, 10).high // 0.2775327998628892
 */
export function wilson(successes: number, n: number, z: number = normal95): { readonly low: number; readonly high: number } {
  check(successes, n);
  if (!(z > 0 && z < Number.POSITIVE_INFINITY)) throw new DomainError(`a Wilson interval needs a finite z > 0, got ${z}`);
  const failures = n - successes;
  const spread = z * Math.sqrt((successes * failures) / n + (z * z) / 4);
  const total = n + z * z;
  const high = (successes + (z * z) / 2 + spread) / total;
  // Where the difference of the two roots would cancel, their product s^2 / (n (n + z^2)) does not.
  const low = (successes / n) * (successes / total / high);
  return { low, high: failures === 0 ? 1 : Math.min(high, 1) };
}

/**
 * The estimate of a probability from a count: value = successes / n, low and high the 95 % Wilson interval, and the standard error
 * sqrt(p (1 - p) / n). Where all trials agree that formula would claim certainty; there the standard error is half the width of the Wilson
 * interval over z, z / (2 (n + z^2)), which continues it: 0.98 / n after none, 1 / n after one success.
 *
 * Throws `DomainError` unless `n` is a whole number >= 1 and `successes` one from 0 to n.
 *
 * @example
 * proportion(50, 100).standardError // 0.05
 */
export function proportion(successes: number, n: number): Estimate {
  const { low, high } = wilson(successes, n);
  const value = successes / n;
  const agree = successes === 0 || successes === n;
  const standardError = agree ? normal95 / (2 * (n + normal95 * normal95)) : Math.sqrt((value * (1 - value)) / n);
  return { value, standardError, low, high, networks: n };
}

function check(successes: number, n: number): void {
  if (!(Number.isSafeInteger(n) && n >= 1)) throw new DomainError(`a proportion needs a whole number of trials >= 1, got ${n}`);
  if (!(Number.isSafeInteger(successes) && successes >= 0 && successes <= n))
    throw new DomainError(`a proportion of ${n} trials needs a whole number of successes from 0 to ${n}, got ${successes}`);
}
