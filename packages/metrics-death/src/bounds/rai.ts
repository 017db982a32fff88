import { expm1, log1p, pow } from "@sonde/core/math";
import { checkWidths } from "./widths.js";

/**
 * An upper bound on the probability that a ReLU network with randomised asymmetric initialisation (`rai`) is born dead on any inputs that contain a point without
 * negative coordinates:
 *
 *     1 - prod_l (1 - (n_l / (2 (n_l + 1)))^N_l),   n_l the fan-in: n_1 = inputs, n_l = N_(l-1).
 *
 * A unit sees x >= 0 and a bias through n + 1 entries, normal but for one, chosen uniformly, that is B ~ Beta(2, 1) >= 0. With s_k the share of entry k in |x|^2 + 1 it is inactive with probability
 * mean_k g(s_k), g(s) = E Phi(-B sqrt(n) / sigma_w sqrt(s / (1 - s))). As g is convex, the mean over shares that sum to 1 is largest where one of them is 1: (n g(0) + g(1)) / (n + 1) = n / (2 (n + 1)). Convexity: up to a
 * positive factor g''(s) is the integral of a^2 phi(a r) (a^2 s - (4 s - 1) (1 - s)) over a in (0, sqrt(n) / sigma_w), r^2 = s / (1 - s), whose integrand is positive from a = 1 on and whose
 * value is positive for n = 1 at every s.
 *
 * @param widths hidden widths N_1 .. N_H, each at least 1
 * @param inputs the number of inputs, at least 1
 * @returns a probability in [0, 1]
 * @throws ShapeError for a width that is not a whole number >= 1
 * @see Lu, Shin, Su, Karniadakis, arXiv 1903.06733, for the initialisation; the bound is the argument above
 *
 * @example
 * raiBound([2, 2, 2], 1) // 0.259...
 */
export function raiBound(widths: readonly number[], inputs: number): number {
  checkWidths([inputs, ...widths]);
  let logAlive = 0;
  widths.forEach((width, l) => {
    const fanIn = l === 0 ? inputs : widths[l - 1];
    logAlive += log1p(-pow(fanIn / (2 * (fanIn + 1)), width));
  });
  return -expm1(logAlive) || 0;
}
