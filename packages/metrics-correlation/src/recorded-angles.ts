import {
  type Activations,
  addRunning,
  angleBetween,
  type Matrix,
  quantiles,
  row,
  running,
  runningEstimate,
  runningSd,
  split,
  stream,
} from "@sonde/core";
import { correlation } from "./correlation.js";
import { choosePairs, type Pair } from "./pairs.js";
import { checkProbabilities, defaultQuantiles } from "./probabilities.js";
import { recordedPoints } from "./recorded-points.js";

export interface RecordedAnglesOptions {
  /** Pairs of points measured: all if there are no more, otherwise so many drawn at random. Default 10 000. */
  readonly pairs?: number;
  /** Seed of the draw of pairs, a whole number from 0. Default 0. */
  readonly seed?: number;
  /** Probabilities of the quantiles, in [0, 1]. Default 0.05, 0.16, 0.5, 0.84, 0.95. */
  readonly quantiles?: readonly number[];
}

/** A quantity over the pairs of one layer; NaN where no pair has it, which `pairs` = 0 says. */
export interface PairSummary {
  readonly mean: number;
  /** Error of `mean` as that of all pairs of the points: 0 where all were measured. */
  readonly standardError: number;
  /** Spread over the pairs (population). */
  readonly sd: number;
  readonly quantiles: readonly { readonly probability: number; readonly value: number }[];
  readonly pairs: number;
}

export interface RecordedAnglesLayer {
  /** Counted from 1. */
  readonly layer: number;
  /** ln sin^2 theta, at most 0, over the pairs that are not degenerate. */
  readonly logSin2: PairSummary;
  /** theta in radians, in [0, pi], over the same pairs. */
  readonly angle: PairSummary;
  /** cos theta, over the same pairs. */
  readonly cosine: PairSummary;
  /** Pearson's correlation over the units of the layer, over the same pairs where it exists (no vector constant). */
  readonly correlation: PairSummary;
  /** The fraction of pairs that are degenerate in this layer or before: a point is zero, or the two are exactly collinear. */
  readonly degenerate: number;
}

/**
 * The angles between points in recorded activations, layer by layer: of one given network, trained or not, from any framework.
 *
 * Each layer is `[points, units]` or `[points, ...positions, channels]`, positions flattened: the angle is that of everything the layer says of a point. Angles are those of the numbers as they are;
 * float32 activations of one direction differ by rounding, about 1e-7 rad, and are not degenerate.
 *
 * @throws ShapeError for layers of different numbers of points, or fewer than two points
 *
 * @example
 * const { layers } = recordedAngles([[[1, 0], [0, 1], [1, 1]], [[1, 1], [0, 0], [2, 3]]]);
 * layers[0].angle.mean // 1.0471975511965976
 * layers[1].degenerate // 0.6666666666666666
 */
export function recordedAngles(
  activations: readonly Activations[],
  { pairs: most = 10_000, seed = 0, quantiles: ps = defaultQuantiles }: RecordedAnglesOptions = {},
): { readonly layers: readonly RecordedAnglesLayer[]; readonly pairs: number } {
  checkProbabilities(ps);
  const layers = recordedPoints(activations, 2, "angles need at least two points");
  const points = layers[0]?.rows ?? 2;
  const pairs = choosePairs(points, most, split(stream(seed), 2));
  const all = pairs.length === (points * (points - 1)) / 2;
  let living: readonly Pair[] = pairs;
  const found = layers.map((values, l): RecordedAnglesLayer => {
    const { kept, ...columns } = measured(values, living);
    living = kept;
    const summary = (column: readonly number[]) => summarised(column, ps, all);
    return {
      layer: l + 1,
      logSin2: summary(columns.logSin2),
      angle: summary(columns.theta),
      cosine: summary(columns.cosine),
      correlation: summary(columns.correlation),
      degenerate: (pairs.length - kept.length) / pairs.length,
    };
  });
  return { layers: found, pairs: pairs.length };
}

/** Everything about the pairs that are not degenerate, and which those are. */
function measured(values: Matrix, pairs: readonly Pair[]) {
  const found = {
    kept: [] as Pair[],
    logSin2: [] as number[],
    theta: [] as number[],
    cosine: [] as number[],
    correlation: [] as number[],
  };
  for (const pair of pairs) {
    const [x, y] = [row(values, pair[0]), row(values, pair[1])];
    const angle = angleBetween(x, y);
    if (angle === undefined || angle.logSin2 === Number.NEGATIVE_INFINITY) continue;
    found.kept.push(pair);
    found.logSin2.push(angle.logSin2);
    found.theta.push(angle.theta);
    found.cosine.push(angle.cosine);
    const r = correlation(x, y);
    if (r !== undefined) found.correlation.push(r);
  }
  return found;
}

function summarised(values: readonly number[], ps: readonly number[], all: boolean): PairSummary {
  const sums = running();
  for (const value of values) addRunning(sums, value);
  const { count } = sums;
  const found = count > 0 ? quantiles(values, ps) : ps.map(() => Number.NaN);
  return {
    mean: sums.sum / count,
    standardError: all && count > 0 ? 0 : runningEstimate(sums).standardError,
    sd: runningSd(sums),
    quantiles: ps.map((probability, k) => ({ probability, value: found[k] })),
    pairs: count,
  };
}
