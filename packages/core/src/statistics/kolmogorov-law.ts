import { exp } from "../math.js";

/** P(sup |Brownian bridge| > x): the limit law of the Kolmogorov-Smirnov statistics times sqrt(n), for two samples sqrt(n m / (n + m)). */
export function kolmogorovTail(x: number): number {
  if (x <= 0) return 1;
  // Two forms of one theta function; each converges in a few terms on its side.
  if (x > 1) {
    let sum = 0;
    for (let k = 5; k >= 1; k--) sum = exp(-2 * k * k * x * x) - sum;
    return 2 * sum;
  }
  let sum = 0;
  for (let k = 1; k <= 5; k++) {
    const odd = (2 * k - 1) * (Math.PI / x);
    sum += exp((-odd * odd) / 8);
  }
  return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
}
