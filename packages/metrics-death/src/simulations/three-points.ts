import { normals, type Stream, split } from "@sonde/core";
import { cos, pow } from "@sonde/core/math";
import { angleOf, inactiveAtBoth, parallel } from "./two-points.js";

/** The angles of three points: of the first and second, first and third, second and third. */
export type Triple = readonly [number, number, number];

/** What a layer does to three living points: probabilities of dying at all, of one left, of the loss of each one alone, and of all alive. */
export interface TripleFate {
  readonly none: number;
  readonly one: number;
  readonly lost: Triple;
  readonly all: number;
}

/**
 * A unit with normal weights is inactive at one point with probability 1/2, at two with q = (pi - theta) / (2 pi), at three with (2 pi - sum of the angles) / (4 pi): the orthant
 * probability of three normal variables. N units are with the N-th power of that; which points die follows by inclusion and exclusion.
 */
export function fateOfThree(angles: Triple, units: number): TripleFate {
  const point = 2 ** -units;
  const [ab, ac, bc] = angles.map((angle) => pow(inactiveAtBoth(angle), units));
  const none = pow(Math.max(0, (2 * Math.PI - angles[0] - angles[1] - angles[2]) / (4 * Math.PI)), units);
  const share = (probability: number) => Math.max(0, probability);
  return {
    none,
    one: share(ab + ac + bc - 3 * none),
    lost: [share(point - ab - ac + none), share(point - ab - bc + none), share(point - ac - bc + none)],
    all: share(1 - 3 * point + ab + ac + bc - none),
  };
}

/** Whether three points are one ray. */
export function areParallel(angles: Triple): boolean {
  return angles.every((angle) => angle < parallel);
}

/** The angles after a layer of ReLU units with normal weights, drawn in law given that all three are alive. `draws` is room for three numbers a unit. */
export function nextTriple(angles: Triple, units: number, source: Stream, draws: Float64Array): Triple {
  for (let attempt = 0; ; attempt++) {
    const g = innerProducts(angles.map(cos) as unknown as Triple, units, split(source, attempt), draws, false);
    if (g[0] > 0 && g[3] > 0 && g[5] > 0)
      return [angleOf(g[0], g[1], g[3]), angleOf(g[0], g[2], g[5]), angleOf(g[3], g[4], g[5])];
  }
}

/** The angle of the other two points, drawn in law given that point `dead` (0, 1 or 2) dies in this layer and they do not. */
export function angleWithout(dead: number, angles: Triple, units: number, source: Stream, draws: Float64Array): number {
  // The point that dies goes first: its value in every unit is then minus the size of one draw.
  const [ab, ac, bc] = angles.map(cos);
  const order: Triple = dead === 0 ? [ab, ac, bc] : dead === 1 ? [ab, bc, ac] : [ac, bc, ab];
  for (let attempt = 0; ; attempt++) {
    const g = innerProducts(order, units, split(source, attempt), draws, true);
    if (g[3] > 0 && g[5] > 0) return angleOf(g[3], g[4], g[5]);
  }
}

/** Inner products aa, ab, ac, bb, bc, cc after the layer; with `firstDies` given that the first point is inactive in every unit. */
function innerProducts([ab, ac, bc]: Triple, units: number, source: Stream, draws: Float64Array, firstDies: boolean): number[] {
  normals(source, draws.subarray(0, 3 * units));
  const b1 = Math.sqrt(Math.max(0, 1 - ab * ab));
  const c1 = b1 > 1e-8 ? (bc - ab * ac) / b1 : 0;
  const c2 = Math.sqrt(Math.max(0, 1 - ac * ac - c1 * c1));
  const g = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < 3 * units; i += 3) {
    const first = firstDies ? -Math.abs(draws[i]) : draws[i];
    const a = Math.max(0, first);
    const b = Math.max(0, ab * first + b1 * draws[i + 1]);
    const c = Math.max(0, ac * first + c1 * draws[i + 1] + c2 * draws[i + 2]);
    g[0] += a * a;
    g[1] += a * b;
    g[2] += a * c;
    g[3] += b * b;
    g[4] += b * c;
    g[5] += c * c;
  }
  return g;
}
