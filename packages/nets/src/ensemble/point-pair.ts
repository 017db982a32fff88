import { type Angle, decompose, type Matrix, matrix, row } from "@sonde/core";
import { atan2, log } from "@sonde/core/math";
import { rescale } from "../scaled.js";

/**
 * Two points x and y, with what of y is not along x kept apart from it:
 *
 *     y = ratio x + 2^acrossExponent across,   across orthogonal to x.
 *
 * Entries of x and y agree in all digits of float64 where the angle is below 1e-16; `across` goes on. Changed in place, since networks come by the million.
 */
export interface PointPair {
  units: number;
  /** x and then y, `[2, units]`, over 2^exponent; room for more. */
  readonly values: Float64Array;
  exponent: number;
  ratio: number;
  /** `[units]`, in the units of `values`; room for more. */
  readonly across: Float64Array;
  acrossExponent: number;
}

/** The share of a vector that is rounding once its part along another is taken away. */
const rounding = 1e-14;

/** Exponents below which what lies across is too small to show in float64. */
const invisible = -900;

/** Room for pairs of up to so many units. */
export function pairRoom(units: number): PointPair {
  const values = new Float64Array(2 * units);
  return { units: 0, values, exponent: 0, ratio: 0, across: new Float64Array(units), acrossExponent: 0 };
}

/** Takes two rows as the pair. */
export function startPair(pair: PointPair, rows: Matrix): void {
  const { values, exponent } = rescale({ values: matrix(2, rows.cols, Float64Array.from(rows.data)), exponent: 0 });
  const [x, y] = [row(values, 0), row(values, 1)];
  const { ratio, rest } = x.some((value) => value !== 0) ? decompose(x, y) : { ratio: 0, rest: y };
  pair.values.set(values.data);
  pair.across.set(rest);
  Object.assign(pair, { units: rows.cols, exponent, ratio, acrossExponent: 0 });
  bringNearOne(pair);
}

/** The pair after a layer with independent normal weights: `draws` holds `[2, units]` normals, for x and for what lies across, and `sd` is that of a weight. */
export function drawPair(pair: PointPair, units: number, draws: Float64Array, sd: number): void {
  const { values, across, ratio } = pair;
  const along = sd * Math.sqrt(squares(values, pair.units));
  const beside = sd * Math.sqrt(squares(across, pair.units));
  const shown = shownScale(pair);
  for (let i = 0; i < units; i++) {
    values[i] = along * draws[i];
    across[i] = beside * draws[units + i];
    values[units + i] = ratio * values[i] + shown * across[i];
  }
  pair.units = units;
  settle(pair);
}

/**
 * The pair after a positively homogeneous activation, `above` z for z > 0 and `below` z for the others. Where ratio x and y lie on the same side, the difference of their images is
 * the slope times their difference, whatever digits x and y have in common.
 */
export function activatePair(pair: PointPair, above: number, below: number): void {
  const { units, values, across, ratio } = pair;
  // phi(ratio x) = multiple phi(x) for all x; for a negative ratio only where phi is linear or even, and elsewhere nothing is nearly parallel then.
  const [linear, even] = [above === below, above === -below];
  const multiple = ratio >= 0 || linear ? ratio : even ? -ratio : Number.NaN;
  const follows = !Number.isNaN(multiple);
  const visible = pair.acrossExponent >= invisible;
  const inverse = visible ? 2 ** -pair.acrossExponent : 0;
  for (let i = 0; i < units; i++) {
    const from = ratio * values[i];
    const to = values[units + i];
    const x = image(values[i], above, below);
    const y = image(to, above, below);
    values[i] = x;
    values[units + i] = y;
    if (!follows) across[i] = y;
    else if (!visible || from > 0 === to > 0) across[i] *= to > 0 ? above : below;
    else across[i] = (y - multiple * x) * inverse;
  }
  pair.ratio = follows ? multiple : 0;
  if (!follows) pair.acrossExponent = 0;
  settle(pair);
}

/** The angle between the two points, of any smallness; `undefined` if one of them is zero. */
export function pairAngle(pair: PointPair): Angle | undefined {
  const { units, values, across, acrossExponent } = pair;
  const length = Math.sqrt(squares(values, units));
  if (length === 0 || squares(values, units, units) === 0) return undefined;
  const beside = Math.sqrt(squares(across, units));
  const [along, side] = [pair.ratio * length, beside * shownScale(pair)];
  const hypotenuse = Math.sqrt(along * along + side * side);
  return {
    theta: atan2(side, along),
    logSin2: Math.min(0, 2 * (log(beside / hypotenuse) + acrossExponent * Math.LN2)),
    cosine: along / hypotenuse,
  };
}

/** Makes `across` orthogonal to x again: its part along x belongs to the ratio. */
function settle(pair: PointPair): void {
  const { units, values, across } = pair;
  const before = squares(across, units);
  const own = squares(values, units);
  if (squares(values, units, units) === 0) {
    pair.ratio = 0;
    across.fill(0, 0, units);
  } else if (own > 0) {
    // Twice, since the first time leaves a part along x by rounding.
    for (let pass = 0; pass < 2; pass++) {
      let along = 0;
      for (let i = 0; i < units; i++) along += values[i] * across[i];
      along /= own;
      for (let i = 0; i < units; i++) across[i] -= along * values[i];
      pair.ratio += along * shownScale(pair);
    }
    if (squares(across, units) <= rounding * rounding * before) across.fill(0, 0, units);
  }
  bringNearOne(pair);
}

/** Takes powers of two out of the values, and out of what lies across, before they leave the range of float64. */
function bringNearOne(pair: PointPair): void {
  const { units } = pair;
  const values = taken(pair.values.subarray(0, 2 * units));
  pair.exponent += values;
  pair.acrossExponent += taken(pair.across.subarray(0, units)) - values;
}

/** Takes a power of two out, in place, and returns its exponent. */
function taken(data: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i]));
  if (largest === 0 || (largest > 2 ** -100 && largest < 2 ** 100)) return 0;
  const { values, exponent } = rescale({ values: matrix(1, data.length, data), exponent: 0 });
  data.set(values.data);
  return exponent;
}

function image(z: number, above: number, below: number): number {
  return z > 0 ? above * z : below === 0 ? 0 : below * z;
}

function shownScale({ acrossExponent }: PointPair): number {
  return acrossExponent === 0 ? 1 : acrossExponent < invisible ? 0 : 2 ** acrossExponent;
}

/** The sum of `count` squares from `first` on. */
function squares(data: Float64Array, count: number, first = 0): number {
  let sum = 0;
  for (let i = first; i < first + count; i++) sum += data[i] * data[i];
  return sum;
}
