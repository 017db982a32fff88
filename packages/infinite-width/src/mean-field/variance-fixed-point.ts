import { type Activation, gaussianMoments, type VarianceMapOptions, varianceMap } from "@sonde/core";
import { fixedSlope } from "./slopes.js";

/** Below this variance the signal counts as gone, above it as without bound. */
const [least, most] = [1e-12, 1e12];

/**
 * q*, the variance of the pre-activations deep in an infinitely wide network: the fixed point of the variance map that layers reach from variance 1. 0 where
 * the signal dies out, Infinity where it grows without bound; 1 where every variance is a fixed point (ReLU at weight variance 2 without bias).
 *
 * @throws DomainError for variances that are negative or not finite
 * @see Poole et al. 2016, eq. 3
 *
 * @example
 * varianceFixedPoint(activation("relu"), { weightVariance: 1, biasVariance: 0.5 }) // 1
 */
export function varianceFixedPoint(activation: Activation, options: VarianceMapOptions): number {
  const { weightVariance, biasVariance = 0 } = options;
  const map = varianceMap(activation, options);
  if (activation.homogeneous) {
    const slope = fixedSlope(weightVariance * gaussianMoments(activation, 1).second);
    if (slope === 1) return biasVariance === 0 ? 1 : Number.POSITIVE_INFINITY;
    return slope < 1 ? biasVariance / (1 - slope) : Number.POSITIVE_INFINITY;
  }
  const growth = (q: number): number => map(q) - q;
  // From 1, the variance moves the way the map points until it meets a fixed point.
  const up = growth(1) > 0;
  let near = 1;
  let far = up ? 2 : 0.5;
  while (up ? growth(far) > 0 : growth(far) < 0) {
    near = far;
    far = up ? 2 * far : far / 2;
    if (far > most) return Number.POSITIVE_INFINITY;
    if (far < least && map(0) === 0) return 0;
  }
  const q = bisectSecant(growth, Math.min(near, far), Math.max(near, far));
  return q;
}

/** The zero of a continuous function with opposite signs at the ends, to the last digits: Illinois steps, with bisection where they stall. */
export function bisectSecant(f: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  let [fa, fb] = [f(a), f(b)];
  if (fa === 0) return a;
  if (fb === 0) return b;
  for (let step = 0; step < 200; step++) {
    const width = Math.abs(b - a);
    if (width <= 4 * Number.EPSILON * Math.max(Math.abs(a), Math.abs(b))) break;
    // b is the newer end; every third step halves, so that the bracket always shrinks.
    const secant = b - (fb * (b - a)) / (fb - fa);
    const inside = secant > Math.min(a, b) && secant < Math.max(a, b);
    const next = step % 3 === 2 || !inside ? (a + b) / 2 : secant;
    const value = f(next);
    if (value === 0) return next;
    if (Math.sign(value) === Math.sign(fb)) fa /= 2;
    else [a, fa] = [b, fb];
    [b, fb] = [next, value];
  }
  return Math.abs(fa) < Math.abs(fb) ? a : b;
}
