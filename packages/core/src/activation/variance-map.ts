import { DomainError } from "../errors.js";
import type { Activation } from "./activation.js";
import { gaussianMoments } from "./gaussian-moments.js";

export interface VarianceMapOptions {
  /** sigma_w^2: variance of a weight times its fan-in, >= 0. */
  readonly weightVariance: number;
  /** sigma_b^2 >= 0, default 0. */
  readonly biasVariance?: number;
}

/**
 * The variance of the pre-activations of an infinitely wide layer as a function of that of the layer before:
 * v -> sigma_w^2 E phi(z)^2 + sigma_b^2 with z ~ N(0, v) (Poole et al. 2016, eq. 3).
 *
 * Throws `DomainError` for variances that are negative or not finite.
 *
 * @example
 * varianceMap(activation("relu"), { weightVariance: 2 })(3) // 3
 */
export function varianceMap(
  activation: Activation,
  { weightVariance, biasVariance = 0 }: VarianceMapOptions,
): (variance: number) => number {
  for (const [name, variance] of Object.entries({ weightVariance, biasVariance }))
    if (!(variance >= 0 && variance < Number.POSITIVE_INFINITY))
      throw new DomainError(`${name} needs to be finite and >= 0, got ${variance}`);
  return (variance) => weightVariance * gaussianMoments(activation, variance).second + biasVariance;
}
