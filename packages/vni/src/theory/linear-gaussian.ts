import { DomainError } from "@sonde/core";
import { exp, log1p } from "@sonde/core/math";

/**
 * The weighted VNI of a linear network with independent normal weights, N inputs and L hidden layers of width N, as ratio of the expectations of numerator and denominator: exact at finite N,
 *
 *     R = (1 - r) / (1 + 2 r),   r = ((N - 1) / (N + 2))^(L + 1),
 *
 * from 1/N (L = 0) to 1; (1 + L) / N to the first order. The expectation of the ratio lies a few percent below it at depth.
 *
 * Throws `DomainError` unless N is a whole number from 1 and L one from 0.
 *
 * @example
 * linearGaussianVni(64, 0).toFixed(6) // "0.015625"
 * linearGaussianVni(64, 20) // 0.35...
 */
export function linearGaussianVni(width: number, hiddenLayers: number): number {
  if (!(Number.isInteger(width) && width >= 1 && Number.isInteger(hiddenLayers) && hiddenLayers >= 0))
    throw new DomainError(`a width is a whole number from 1 and a depth one from 0, got ${width} and ${hiddenLayers}`);
  // r by its logarithm, so that a width of a million keeps its digits; exactly 0 at width 1.
  const r = width === 1 ? 0 : exp((hiddenLayers + 1) * log1p(-3 / (width + 2)));
  return (1 - r) / (1 + 2 * r);
}
