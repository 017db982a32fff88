import { DomainError } from "@sonde/core";
import { digamma, trigamma } from "@sonde/core/math";

/** How ln sin^2 theta moves in one layer in the limit of small angles, where the law is that of a random walk. */
export interface SmallAngleLaw {
  /** rho*: the mean falls by so much. */
  readonly drift: number;
  /** sigma*^2. */
  readonly variance: number;
}

/**
 * The exact law of a ReLU layer of width n as theta -> 0: sin^2 theta' / sin^2 theta = chi2_(k-1) / chi2_k, independent, k ~ Binomial(n, 1/2) being the active
 * units; given k >= 2,
 *
 *     rho* = E_k[psi(k/2) - psi((k-1)/2)],   sigma*^2 = E_k[psi1(k/2) + psi1((k-1)/2)] + Var_k[psi((k-1)/2) - psi(k/2)].
 *
 * With a `slope` below 0 the weighted sums of squares count as chi2 of f = (k + slope^2 (n-k))^2 / (k + slope^4 (n-k)) degrees of freedom (at least 2): exact for
 * ReLU and slopes of 1 and -1, good to O(1 / n^2) between.
 *
 * @throws DomainError unless the width is a whole number from 2
 *
 * @example
 * smallAngleLaw(16).drift // 0.17364622475...
 * smallAngleLaw(64).variance // 0.13353771718...
 */
export function smallAngleLaw(width: number, slope = 0): SmallAngleLaw {
  if (!(Number.isInteger(width) && width >= 2))
    throw new DomainError(`a pair of inputs keeps an angle in layers of 2 units or more, got width ${width}`);
  const square = slope * slope;
  const middle = Math.max(2, Math.round(width / 2));
  const reach = 20 + Math.ceil(5 * Math.sqrt(width));
  const [first, last] = [Math.max(slope === 0 ? 2 : 0, middle - reach), Math.min(width, middle + reach)];
  let total = 0;
  let falls = 0;
  let squares = 0;
  let spreads = 0;
  const add = (k: number, weight: number): void => {
    const sum = k + square * (width - k);
    const f = Math.max(2, (sum * sum) / (k + square * square * (width - k)));
    const fall = digamma(f / 2) - digamma((f - 1) / 2);
    total += weight;
    falls += weight * fall;
    squares += weight * fall * fall;
    spreads += weight * (trigamma(f / 2) + trigamma((f - 1) / 2));
  };
  // Binomial weights relative to the middle one, outwards.
  for (let k = middle, weight = 1; k <= last; k++) {
    add(k, weight);
    weight *= (width - k) / (k + 1);
  }
  for (let k = middle - 1, weight = middle / (width - middle + 1); k >= first; k--) {
    add(k, weight);
    weight *= k / (width - k + 1);
  }
  const drift = falls / total;
  return { drift, variance: spreads / total + Math.max(0, squares / total - drift * drift) };
}
