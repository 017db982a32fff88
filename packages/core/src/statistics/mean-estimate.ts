import type { Estimate } from "../estimate.js";
import type { Moments } from "./moments.js";
import { student95 } from "./student.js";
import { mean, standardError } from "./summary.js";

/**
 * The estimate of a mean from independent values: value = mean, standardError = sqrt(sampleVariance / count), and the 95 % interval
 * value -+ t standardError with Student's t (12.7 for two values, 1.96 for many). A single value says nothing about its error, which is then Infinity.
 *
 * Throws `DomainError` for no values.
 *
 * @example
 * const m = moments();
 * addTo(m, [1, 2, 3]);
 * meanEstimate(m).standardError // 0.5773502691896257
 */
export function meanEstimate(m: Moments): Estimate {
  const value = mean(m);
  if (m.count === 1) {
    const unknown = Number.POSITIVE_INFINITY;
    return { value, standardError: unknown, low: -unknown, high: unknown, networks: 1 };
  }
  const error = standardError(m);
  const reach = student95(m.count - 1) * error;
  return { value, standardError: error, low: value - reach, high: value + reach, networks: m.count };
}
