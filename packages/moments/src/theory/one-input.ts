import { DomainError } from "@sonde/core";
import { digamma, exp, lgamma, log, trigamma } from "@sonde/core/math";

/** The exact law of nu_2 over one layer of a plain network with a single input. */
export interface OneInputLaw {
  /** Variance of nu_2' / nu_2, 5 / N. Its mean is 1: nu_2 is a martingale. */
  readonly variance: number;
  /** Mean of ln(nu_2' / nu_2), given that it is not 0; -5 / (2 N) to first order. */
  readonly logDrift: number;
  /** Variance of ln(nu_2' / nu_2), given that it is not 0; 5 / N to first order. */
  readonly logVariance: number;
  /** P(nu_2' = 0) = 2^-N. */
  readonly collapse: number;
}

/**
 * One layer y = W x, x' = relu(y) of width N with weights N(0, 2 / fan_in) multiplies the mean square of a single input by (2 / N) chi^2_K, K ~ Binomial(N, 1/2) (Gaussian weights).
 * Relative error about 1e-13.
 *
 * @throws DomainError unless the width is a whole number from 1
 *
 * @example
 * oneInputLaw(128).logVariance // 0.04023...
 */
export function oneInputLaw(width: number): OneInputLaw {
  if (!(Number.isInteger(width) && width >= 1)) throw new DomainError(`a width is a whole number from 1, got ${width}`);
  let total = 0;
  let mean = 0;
  let second = 0;
  // Sums over K relative to the middle, where the probability is; what is below 1e-40 is left out.
  const reach = Math.ceil(Math.min(width, 10 * Math.sqrt(width) + 10));
  const low = Math.max(1, Math.floor(width / 2) - reach);
  const high = Math.min(width, Math.ceil(width / 2) + reach);
  const centre = digamma(width / 4);
  for (let k = low; k <= high; k++) {
    const p = exp(lgamma(width + 1) - lgamma(k + 1) - lgamma(width - k + 1) - width * Math.LN2);
    const m = digamma(k / 2) - centre;
    total += p;
    mean += p * m;
    second += p * (trigamma(k / 2) + m * m);
  }
  mean /= total;
  second /= total;
  return {
    variance: 5 / width,
    logDrift: mean + centre - log(width / 4),
    logVariance: second - mean * mean,
    collapse: 2 ** -width,
  };
}
