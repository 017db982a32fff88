import { type Activation, DomainError, gaussianMoments, gaussLegendre } from "@sonde/core";
import { exp } from "@sonde/core/math";

/** The expansion of an activation in Hermite polynomials, phi(sqrt(q) z) = sum_n a_n h_n(z) with E h_m h_n = 1 for m = n, else 0, cut off after some terms. */
export interface HermiteSeries {
  /** q, the variance of the pre-activation. */
  readonly variance: number;
  /** a_0, a_1, ... */
  readonly coefficients: Float64Array;
  /** E phi^2 and E phi'^2. */
  readonly second: number;
  readonly derivativeSecond: number;
  /** What the terms leave of E phi^2 and of E phi'^2 (Parseval), rounding included: so much is in the rest of the series. */
  readonly rest: number;
  readonly derivativeRest: number;
}

/** Beyond this many standard deviations e^(-z^2 / 4) is below 1e-17, and h_n(z) e^(-z^2 / 4) is bounded. */
const reach = 13;

/** Width of a panel: narrower than the waves of h_n for n up to 2000. */
const step = 0.5;

/**
 * The Hermite coefficients a_n = E phi(sqrt(q) z) h_n(z) for n < terms, z standard normal, h_n = He_n / sqrt(n!), by quadrature that is split at the kinks. They make duals
 * cheap for many correlations c: E phi(u) phi(v) = sum a_n b_n c^n.
 *
 * Throws `DomainError` unless the variance is finite and > 0 and `terms` a whole number from 1 to 1000.
 *
 * @example
 * hermiteSeries(activation("linear"), 4, 3).coefficients[1] // 2
 */
export function hermiteSeries(activation: Activation, variance: number, terms: number): HermiteSeries {
  if (!(variance > 0 && variance < Number.POSITIVE_INFINITY))
    throw new DomainError(`a Hermite series needs a finite variance above 0, got ${variance}`);
  if (!(Number.isInteger(terms) && terms >= 1 && terms <= 1000))
    throw new DomainError(`a Hermite series has a whole number of terms from 1 to 1000, got ${terms}`);
  const sd = Math.sqrt(variance);
  const { nodes, weights } = weightedNodes(sd, activation.kinks);
  const coefficients = new Float64Array(terms);
  let previous = new Float64Array(nodes.length);
  let current = weights.map((weight, i) => weight * activation.value(sd * nodes[i]));
  for (let n = 0; n < terms; n++) {
    let sum = 0;
    for (let i = 0; i < current.length; i++) sum += current[i];
    coefficients[n] = sum;
    // h_{n+1} = (z h_n - sqrt(n) h_{n-1}) / sqrt(n + 1), with the weights and phi carried along; the row before last is overwritten.
    const [older, scale] = [Math.sqrt(n), 1 / Math.sqrt(n + 1)];
    for (let i = 0; i < current.length; i++) previous[i] = (nodes[i] * current[i] - older * previous[i]) * scale;
    [previous, current] = [current, previous];
  }
  const { second, derivativeSecond } = gaussianMoments(activation, variance);
  let known = 0;
  let knownSlope = 0;
  for (let n = terms - 1; n >= 0; n--) {
    const square = coefficients[n] * coefficients[n];
    known += square;
    knownSlope += n * square;
  }
  const rounding = 1e-15;
  return {
    variance,
    coefficients,
    second,
    derivativeSecond,
    rest: Math.max(second - known, 0) + rounding * second,
    derivativeRest: Math.max(derivativeSecond - knownSlope / variance, 0) + rounding * derivativeSecond,
  };
}

/** Nodes and weights times the normal density. */
function weightedNodes(sd: number, kinks: readonly number[]): { nodes: Float64Array; weights: Float64Array } {
  const cuts = new Set<number>();
  for (let z = 0; z <= reach; z += step) cuts.add(z).add(-z);
  for (let z = 0.5; z < sd; z *= 4) cuts.add(z / sd).add(-z / sd);
  for (const kink of kinks) if (Math.abs(kink) < reach * sd) cuts.add(kink / sd);
  const ends = [...cuts].sort((a, b) => a - b);
  const rule = gaussLegendre(16);
  const size = rule.nodes.length;
  const nodes = new Float64Array((ends.length - 1) * size);
  const weights = new Float64Array(nodes.length);
  for (let p = 0; p < ends.length - 1; p++) {
    const centre = (ends[p] + ends[p + 1]) / 2;
    const half = (ends[p + 1] - ends[p]) / 2;
    for (let i = 0; i < size; i++) {
      const z = centre + half * rule.nodes[i];
      nodes[p * size + i] = z;
      weights[p * size + i] = (half * rule.weights[i] * exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
    }
  }
  return { nodes, weights };
}
