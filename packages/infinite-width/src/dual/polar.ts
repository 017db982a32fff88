import { type Activation, exactSum, gaussLegendre, NumericalError } from "@sonde/core";
import { acos, atan2, cos, exp, sin } from "@sonde/core/math";
import { constantDual } from "./constant.js";
import { type Curvature, curvatureOf } from "./curvature.js";
import { deltaTerms } from "./delta-terms.js";
import { correlationOf, type Dual, type DualMap, rounding } from "./dual.js";
import { isLine, lineDual } from "./line.js";

/**
 * The dual of any activation by adaptive quadrature in polar coordinates: u = sd_u r cos(psi) and v = sd_v r cos(psi - theta), cos theta being the correlation,
 * under the density r e^(-r^2 / 2) / (2 pi). Kinks at 0 are rays and split psi, however close u and v are to one another; other kinks split every ray where it
 * meets them, and psi where two of them cross. The error is stated, and below 1e-12.
 *
 * Throws `ConfigError` for an activation whose second derivative is not known, `NumericalError` where a product is not finite or varies too fast to be followed.
 *
 * @example
 * quadratureDual(activation("tanh"))(1, 1, 0.5).value // 0.18632441...
 */
export function quadratureDual(activation: Activation): DualMap {
  const curvature = curvatureOf(activation);
  return (variance1, variance2, covariance) => {
    if (variance1 === 0 || variance2 === 0) return constantDual(activation, curvature, variance1, variance2);
    const cosine = correlationOf(variance1, variance2, covariance);
    const delta = deltaTerms(curvature, activation, variance1, variance2, cosine);
    if (isLine(cosine)) {
      const line = lineDual(activation, curvature, Math.sqrt(variance1), Math.sqrt(variance2), cosine);
      return { ...line, second: line.second + delta };
    }
    const plane = {
      activation,
      curvature,
      sd1: Math.sqrt(variance1),
      sd2: Math.sqrt(variance2),
      theta: acos(cosine),
      panels: rayEnds(Math.sqrt(Math.max(variance1, variance2))),
    };
    const { value, first, second, error } = integrate(plane);
    return { value, first, second: second + delta, error };
  };
}

interface Plane {
  readonly activation: Activation;
  readonly curvature: Curvature;
  readonly sd1: number;
  readonly sd2: number;
  readonly theta: number;
  readonly panels: readonly number[];
}

/** Beyond this radius the density is below 1e-30. */
const reach = 12;
/** Sectors are halved until doing so changes no integral by more than this share of its scale. */
const tolerance = 2e-14;
const deepest = 24;
/** Sectors that are looked at: some seconds, where milliseconds are usual. */
const mostSectors = 2 ** 11;
const components = 3;
const { nodes, weights } = gaussLegendre(16);

/** Integrals over a sector of phi phi, phi' phi' and phi'' phi'', of their absolute values, and what finer rays would change. */
interface Sector {
  readonly from: number;
  readonly to: number;
  readonly sums: Float64Array;
  readonly magnitudes: Float64Array;
  readonly rough: Float64Array;
}

function integrate(plane: Plane): Dual {
  const ends = sectorEnds(plane);
  const first = ends.slice(1).map((to, i) => sector(plane, ends[i], to));
  const scale = Array.from({ length: components }, (_, c) => exactSum(first.map(({ magnitudes }) => magnitudes[c])));
  const parts: number[][] = scale.map(() => []);
  const errors: number[][] = scale.map(() => []);
  let looked = first.length;
  const refine = (whole: Sector, depth: number): void => {
    const middle = (whole.from + whole.to) / 2;
    const halves = [sector(plane, whole.from, middle), sector(plane, middle, whole.to)];
    looked += 2;
    if (looked > mostSectors)
      throw new NumericalError(
        `products of ${plane.activation.name} vary too fast for quadrature at the standard deviations ${plane.sd1} and ${plane.sd2}: lower the variance`,
      );
    // What a narrow sector holds may only show once it is cut out.
    scale.forEach((_, c) => {
      scale[c] += Math.max(0, halves[0].magnitudes[c] + halves[1].magnitudes[c] - whole.magnitudes[c]);
    });
    const change = scale.map((_, c) => Math.abs(halves[0].sums[c] + halves[1].sums[c] - whole.sums[c]));
    if (depth < deepest && change.some((d, c) => d > tolerance * scale[c])) for (const half of halves) refine(half, depth + 1);
    else
      change.forEach((d, c) => {
        parts[c].push(halves[0].sums[c], halves[1].sums[c]);
        errors[c].push(d, halves[0].rough[c], halves[1].rough[c]);
      });
  };
  for (const whole of first) refine(whole, 0);
  const [value, slope, second] = parts.map((part) => exactSum(part));
  const error = Math.max(...errors.map((e, c) => (scale[c] === 0 ? 0 : exactSum(e) / scale[c]))) + rounding;
  return { value, first: slope, second, error };
}

/** Where sectors begin and end: rays on which u or v is 0, and those on which a kink of u meets one of v. */
function sectorEnds({ activation: { kinks }, sd1, sd2, theta }: Plane): number[] {
  const start = -Math.PI / 2;
  const turns = new Set([start, Math.PI / 2, theta + start, theta + Math.PI / 2, start + 2 * Math.PI]);
  for (const a of kinks)
    for (const b of kinks) {
      if (a === 0 || b === 0) continue;
      // a / (sd1 cos psi) = b / (sd2 cos(psi - theta))
      const psi = atan2((b * sd1) / (a * sd2) - cos(theta), sin(theta));
      for (const turn of [psi - Math.PI, psi, psi + Math.PI, psi + 2 * Math.PI])
        if (turn > start && turn < start + 2 * Math.PI) turns.add(turn);
    }
  return [...turns].sort((a, b) => a - b);
}

function sector(plane: Plane, from: number, to: number): Sector {
  const sums = new Float64Array(components);
  const magnitudes = new Float64Array(components);
  const rough = new Float64Array(components);
  const [centre, half] = [(from + to) / 2, (to - from) / 2];
  for (let i = 0; i < nodes.length; i++) {
    const psi = centre + half * nodes[i];
    const along = ray(plane, psi, 1);
    const weight = (half * weights[i]) / (2 * Math.PI);
    for (let c = 0; c < components; c++) {
      sums[c] += weight * along[c];
      magnitudes[c] += Math.abs(weight * along[c]);
    }
    if (i > 0) continue;
    // One ray of every sector is looked at closer, for the error along rays.
    const finer = ray(plane, psi, 2);
    for (let c = 0; c < components; c++) rough[c] = (Math.abs(finer[c] - along[c]) * half) / Math.PI;
  }
  return { from, to, sums, magnitudes, rough };
}

/** The integrals over r along one ray, every panel cut into `finer` pieces. */
function ray({ activation, curvature, sd1, sd2, theta, panels }: Plane, psi: number, finer: number): Float64Array {
  const { value, derivative, kinks } = activation;
  const speed1 = sd1 * cos(psi);
  const speed2 = sd2 * cos(psi - theta);
  const met = kinks.flatMap((kink) => [kink / speed1, kink / speed2]).filter((r) => r > 0 && r < reach);
  const ends = met.length === 0 ? panels : [...new Set([...panels, ...met])].sort((a, b) => a - b);
  const sums = new Float64Array(components);
  for (let p = 0; p < finer * (ends.length - 1); p++) {
    const whole = Math.floor(p / finer);
    const half = (ends[whole + 1] - ends[whole]) / (2 * finer);
    const centre = ends[whole] + (2 * (p % finer) + 1) * half;
    for (let i = 0; i < nodes.length; i++) {
      const r = centre + half * nodes[i];
      const [u, v] = [speed1 * r, speed2 * r];
      const weight = half * weights[i] * r * exp((-r * r) / 2);
      sums[0] += weight * value(u) * value(v);
      sums[1] += weight * derivative(u) * derivative(v);
      sums[2] += weight * curvature.smooth(u) * curvature.smooth(v);
    }
  }
  if (!Number.isFinite(sums[0] + sums[1] + sums[2]))
    throw new NumericalError(
      `a product of ${activation.name} is not finite at the standard deviations ${sd1} and ${sd2}: lower the variance`,
    );
  return sums;
}

/** Where panels along a ray end: at fixed radii, and at |z| = 1, 4, 16, ... below one standard deviation. */
function rayEnds(sd: number): number[] {
  const ends = [0, 1, 2.5, 4.5, 7, reach];
  for (let z = 1; z < sd; z *= 4) ends.push(z / sd);
  return [...new Set(ends)].sort((a, b) => a - b);
}
