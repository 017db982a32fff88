import { DomainError } from "@sonde/core";
import { log1p } from "@sonde/core/math";
import { checkWidths } from "./widths.js";

/**
 * The largest number of hidden layers of width N for which the single-point bound guarantees P(born dead) <= delta:
 *
 *     H = floor(log(1 - delta) / log(1 - 2^-N)),
 *
 * for any inputs that contain a non-zero point. Sufficient, not necessary: on an interval deeper networks can be as safe.
 *
 * @param width N >= 1
 * @param delta the accepted probability, in (0, 1)
 * @throws DomainError for a delta outside (0, 1), ShapeError for a wrong width
 *
 * @example
 * safeDepth(10, 0.01) // 10
 */
export function safeDepth(width: number, delta: number): number {
  checkWidths([width]);
  if (!(delta > 0 && delta < 1)) throw new DomainError(`a probability to accept lies strictly between 0 and 1, got ${delta}`);
  return Math.floor(log1p(-delta) / log1p(-(2 ** -width)));
}
