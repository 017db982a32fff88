import { DomainError, NumericalError } from "../errors.js";
import { exp } from "../math.js";
import { exactSum } from "../statistics/exact-sum.js";
import { gaussLegendre, type QuadratureRule } from "./gauss-legendre.js";

/** Beyond this many standard deviations the normal density is below 1e-313. */
const reach = 38;
/** Panels are halved until doing so changes no integral by more than this share of its scale. */
const tolerance = 2e-14;
/** The smallest panel is this power of two of a first one: a jump at an unknown place is then worth less than the tolerance. */
const deepest = 50;

/** Panels that are looked at: enough for some 10^4 waves within reach. */
const mostPanels = 2 ** 13;

export interface GaussianExpectation {
  /** The expectation of every component. */
  readonly values: readonly number[];
  /** An upper estimate of the errors, each relative to E |f_i|; rounding included. */
  readonly error: number;
}

/**
 * Expectations E f_i(z) for z ~ N(0, variance) of several functions at once, by adaptive Gauss-Legendre quadrature: the line is cut at the
 * `kinks` (points z where some f_i is not smooth; default none), at 0 and at |z| = 1, 4, 16, ... up to a standard deviation, beyond it at fixed
 * multiples; every panel is halved until the halves agree with the whole. Features that are narrow compared with |z| and are no kinks may be missed.
 *
 * `f(z)` returns the components. The error reaches 1e-13 for functions that are smooth between kinks.
 * Throws `DomainError` unless the variance is finite and >= 0, and `NumericalError` where the integrand is not finite, or has too many waves to be followed (sin z beyond a variance of about 10^5).
 *
 * @example
 * gaussianExpectation((z) => [Math.max(z - 1, 0)], 1, { kinks: [1] }).values[0] // 0.08331547058...
 */
export function gaussianExpectation(
  f: (z: number) => readonly number[],
  variance: number,
  options: { readonly kinks?: readonly number[] } = {},
): GaussianExpectation {
  if (!(variance >= 0 && variance < Number.POSITIVE_INFINITY))
    throw new DomainError(`a Gaussian expectation needs a finite variance >= 0, got ${variance}`);
  const sd = Math.sqrt(variance);
  const rule = gaussLegendre(16);
  const panels = cuts(sd, options.kinks ?? []);
  const first = panels.slice(1).map((to, i) => panel(f, sd, rule, panels[i], to));
  const components = first[0].sums.length;
  const scale = Array.from({ length: components }, (_, c) => exactSum(first.map((p) => p.magnitudes[c])));

  const parts: number[][] = scale.map(() => []);
  const errors: number[][] = scale.map(() => []);
  let looked = first.length;
  const refine = (whole: Panel, depth: number): void => {
    looked += 2;
    if (looked > mostPanels)
      throw new NumericalError(
        `the integrand has too many waves at a variance of ${variance} to be followed: lower the variance`,
      );
    const middle = (whole.from + whole.to) / 2;
    const left = panel(f, sd, rule, whole.from, middle);
    const right = panel(f, sd, rule, middle, whole.to);
    const change = whole.sums.map((sum, c) => Math.abs(left.sums[c] + right.sums[c] - sum));
    if (depth === deepest || change.every((d, c) => d <= tolerance * scale[c])) {
      change.forEach((d, c) => {
        parts[c].push(left.sums[c], right.sums[c]);
        errors[c].push(d);
      });
    } else {
      refine(left, depth + 1);
      refine(right, depth + 1);
    }
  };
  for (const whole of first) refine(whole, 0);

  // Nodes, weights and density are each good to a few ulp.
  const rounding = 16 * Number.EPSILON;
  return {
    values: parts.map((part) => exactSum(part)),
    error: Math.max(...errors.map((e, c) => (scale[c] === 0 ? 0 : exactSum(e) / scale[c]))) + rounding,
  };
}

interface Panel {
  readonly from: number;
  readonly to: number;
  /** Integral of density times f_i, and of its absolute value. */
  readonly sums: readonly number[];
  readonly magnitudes: readonly number[];
}

/** One panel, in units of the standard deviation. Nodes are taken in pairs, so that mirrored panels give mirrored bits and odd functions exactly 0. */
function panel(f: (z: number) => readonly number[], sd: number, rule: QuadratureRule, from: number, to: number): Panel {
  const centre = (from + to) / 2;
  const half = (to - from) / 2;
  const sums: number[] = [];
  const magnitudes: number[] = [];
  for (let i = rule.nodes.length / 2; i < rule.nodes.length; i++) {
    const offset = half * rule.nodes[i];
    const [low, high] = [centre - offset, centre + offset];
    const weight = (half * rule.weights[i]) / Math.sqrt(2 * Math.PI);
    const [lowWeight, highWeight] = [weight * exp((-low * low) / 2), weight * exp((-high * high) / 2)];
    const [atLow, atHigh] = [f(sd * low), f(sd * high)];
    for (let c = 0; c < atLow.length; c++) {
      const [a, b] = [lowWeight * atLow[c], highWeight * atHigh[c]];
      if (!Number.isFinite(a + b))
        throw new NumericalError(`the integrand is not finite between z = ${sd * low} and z = ${sd * high}: lower the variance`);
      sums[c] = (sums[c] ?? 0) + (a + b);
      magnitudes[c] = (magnitudes[c] ?? 0) + (Math.abs(a) + Math.abs(b));
    }
  }
  return { from, to, sums, magnitudes };
}

/** Where the panels begin and end, ascending, in standard deviations. */
function cuts(sd: number, kinks: readonly number[]): number[] {
  const positive = [1, 2.5, 4.5, 7, 10, 15, 24, reach];
  for (let z = 1; z < sd; z *= 4) positive.push(z / sd);
  const inside = kinks.map((kink) => kink / sd).filter((g) => Math.abs(g) < reach);
  return [...new Set([0, ...positive, ...positive.map((g) => -g), ...inside])].sort((a, b) => a - b);
}
