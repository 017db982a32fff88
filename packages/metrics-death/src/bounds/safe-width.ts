import { DomainError } from "@sonde/core";
import { expm1, log1p, log2 } from "@sonde/core/math";
import { checkWidths } from "./widths.js";

/**
 * The smallest width N for which the single-point bound guarantees P(born dead) <= delta with H hidden layers of N units:
 *
 *     N = ceil(-log2(1 - (1 - delta)^(1/H))),   about log2(H / delta).
 *
 * @param hiddenLayers H >= 1
 * @param delta the accepted probability, in (0, 1)
 * @throws DomainError for a delta outside (0, 1), ShapeError for a wrong number of layers
 *
 * @example
 * safeWidth(100, 0.01) // 14
 */
export function safeWidth(hiddenLayers: number, delta: number): number {
  checkWidths([hiddenLayers]);
  if (!(delta > 0 && delta < 1)) throw new DomainError(`a probability to accept lies strictly between 0 and 1, got ${delta}`);
  const width = Math.max(1, Math.floor(-log2(-expm1(log1p(-delta) / hiddenLayers))));
  // The logarithm's last digit may decide.
  const safe = (units: number) => -expm1(hiddenLayers * log1p(-(2 ** -units))) <= delta;
  return safe(width) ? width : width + 1;
}
