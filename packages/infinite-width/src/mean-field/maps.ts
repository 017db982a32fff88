import { type Activation, DomainError, type VarianceMapOptions } from "@sonde/core";
import { dualAtEqualVariances } from "../dual/equal-variances.js";

/**
 * The correlation map of an infinitely wide layer at variance q (that of pre-activations, a fixed point or any other):
 * c -> (sigma_w^2 E phi(u1) phi(u2) + sigma_b^2) / q', q' = sigma_w^2 E phi^2 + sigma_b^2 being the variance after the layer. [-1, 1] -> [-1, 1].
 *
 * @throws DomainError unless q is finite and > 0; the returned function for a correlation outside [-1, 1]
 * @see Poole et al. 2016 (arXiv 1606.05340), eq. 5
 *
 * @example
 * correlationMap(activation("relu"), { weightVariance: 2 }, 1)(0) // 0.31830988618379...
 */
export function correlationMap(
  activation: Activation,
  { weightVariance, biasVariance = 0 }: VarianceMapOptions,
  variance: number,
): (correlation: number) => number {
  if (!(variance > 0 && variance < Number.POSITIVE_INFINITY))
    throw new DomainError(`a correlation map needs a finite variance above 0, got ${variance}`);
  const dual = dualAtEqualVariances(activation, variance);
  const after = weightVariance * dual(1).value + biasVariance;
  return (correlation) => {
    if (!(correlation >= -1 && correlation <= 1)) throw new DomainError(`a correlation lies in [-1, 1], got ${correlation}`);
    return (weightVariance * dual(correlation).value + biasVariance) / after;
  };
}
