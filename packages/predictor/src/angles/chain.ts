import { DomainError } from "@sonde/core";
import { asin, exp, expm1, log1p } from "@sonde/core/math";
import { chainGrid, type Grid } from "./grid.js";
import { type Stencil, stencil } from "./interpolation.js";
import { type LayerLaw, type LayerLawOptions, layerLaws } from "./layer-law.js";
import { partShares } from "./shape.js";

/** The law of X = ln sin^2 theta at a hidden layer, as probabilities on a grid. */
export interface AngleDistribution {
  /** Counted from 1. */
  readonly layer: number;
  /** The probability that the pair is degenerate in this layer or before. */
  readonly degenerate: number;
  /** The grid, descending from 0 or below; empty if all pairs but at most one in 10^12 are degenerate. */
  readonly logSin2: Float64Array;
  /** The probability of each value given that the pair is not degenerate, summing to 1. Single ones may be below 0 by a little where the grid is wide for the law. */
  readonly probability: Float64Array;
}

/** ln of the probability of a pair that is not degenerate below which such pairs are no longer followed. */
const fewestAlive = -12 * Math.LN10;

/** Where one value goes in a layer: for each part of the law the first of the four grid points that share it, and their shares. */
interface Row {
  readonly degenerate: number;
  readonly first: Int32Array;
  readonly shares: Float64Array;
}

/** Probabilities on consecutive grid points. */
interface Masses {
  readonly from: number;
  readonly masses: Float64Array;
}

/** Less probability than this is dropped at the ends. */
const negligible = 1e-15;

/**
 * The law of ln sin^2 theta through hidden layers of the given widths, for inputs at the angle `theta0`, or at one of several with equal probability: the angle of two inputs
 * is a Markov chain, so the law of every layer follows from the law before it and `layerLaw`. One value after each layer; no random numbers.
 *
 * The grid's step follows the spread of one layer. Each part of a step's law is shared by four grid points such that its first three moments stay. Cost: about a
 * microsecond for each layer and grid point.
 *
 * @throws DomainError for an angle outside (0, pi] or a width that is not a whole number from 1, ConfigError for a tabulated law of a slope outside [0, 0.3]
 *
 * @example
 * const [first] = angleChain(1, [64]);
 * first.degenerate // 1.08...e-19
 */
export function* angleChain(
  theta0: number | readonly number[],
  widths: readonly number[],
  options: LayerLawOptions = {},
): Generator<AngleDistribution, void> {
  const starts = typeof theta0 === "number" ? [theta0] : theta0;
  if (starts.length === 0) throw new DomainError("a chain begins with at least one angle between inputs, got none");
  for (const theta of starts)
    if (!(theta > 0 && theta <= Math.PI)) throw new DomainError(`an angle between inputs lies in (0, pi], got ${theta}`);
  const grid = chainGrid(widths, options.slope ?? 0);
  const laws = layerLaws(options);
  const shares = partShares();

  let at: Masses = { from: 0, masses: Float64Array.from(starts, () => 1 / starts.length) };
  let logAlive = 0;
  let step = laws(widths[0] ?? 2);
  let rows: Row[] = [];
  for (let l = 0; l < widths.length; l++) {
    if (l > 0 && widths[l] !== widths[l - 1]) step = laws(widths[l]);
    // The first layer begins at the inputs' angles, later ones on the grid.
    if (l === 1 || (l > 1 && widths[l] !== widths[l - 1])) rows = [];
    const used = Array.from(at.masses, (_, k) => {
      const j = at.from + k;
      const x = grid.values[j];
      rows[j] ??= rowOf(l === 0 ? step(starts[j]) : step(asin(exp(x / 2)), x), grid, shares);
      return rows[j];
    });
    const all = at.masses.reduce((sum, mass) => sum + mass, 0);
    // Over all, which is 1 but for rounding, so that what is certain has probability 1.
    const lost = used.reduce((sum, { degenerate }, k) => sum + at.masses[k] * degenerate, 0) / all;
    logAlive += lost < 1 ? log1p(-lost) : Number.NEGATIVE_INFINITY;
    const alive = logAlive > fewestAlive && used.length > 0;
    at = alive ? moved(used, at.masses) : { from: 0, masses: new Float64Array(0) };
    yield {
      layer: l + 1,
      degenerate: -expm1(logAlive),
      logSin2: Float64Array.from(grid.values.slice(at.from, at.from + at.masses.length)),
      probability: at.masses.slice(),
    };
  }
}

function rowOf({ degenerate, parts }: LayerLaw, grid: Grid, partShares: readonly number[]): Row {
  const first = new Int32Array(parts.length);
  const shares = new Float64Array(4 * parts.length);
  if (parts.length > 0) grid.reach(parts[0]);
  for (let part = 0; part < parts.length; part++) {
    const x = parts[part];
    const around = x > grid.values[1] ? topStencil(x / grid.values[1]) : stencil(grid.values, x);
    first[part] = around.first;
    for (let k = 0; k < 4; k++) shares[4 * part + k] = partShares[part] * around.weights[k];
  }
  return { degenerate, first, shares };
}

/** In the cell below 0 linear: the one-sided cubic, applied again and again, need not stay bounded. */
function topStencil(share: number): Stencil {
  return { first: 0, weights: [1 - share, share, 0, 0] };
}

/** The masses after a layer, given that the pair is not degenerate: they sum to 1, since what is missing would grow from layer to layer. */
function moved(rows: readonly Row[], masses: Float64Array): Masses {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const { first } of rows)
    if (first.length > 0) {
      // Parts ascend, the grid descends.
      low = Math.min(low, first[first.length - 1]);
      high = Math.max(high, first[0] + 3);
    }
  const next = new Float64Array(Math.max(0, high - low + 1));
  rows.forEach(({ degenerate, first, shares }, j) => {
    const mass = masses[j] * (1 - degenerate);
    for (let part = 0; part < first.length; part++) {
      const k = first[part] - low;
      next[k] += mass * shares[4 * part];
      next[k + 1] += mass * shares[4 * part + 1];
      next[k + 2] += mass * shares[4 * part + 2];
      next[k + 3] += mass * shares[4 * part + 3];
    }
  });
  let [begin, end] = [0, next.length];
  while (begin < end && Math.abs(next[begin]) < negligible) begin++;
  while (begin < end && Math.abs(next[end - 1]) < negligible) end--;
  const kept = next.slice(begin, end);
  const total = kept.reduce((sum, mass) => sum + mass, 0);
  return { from: low + begin, masses: kept.map((mass) => mass / total) };
}
