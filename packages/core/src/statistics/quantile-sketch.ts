import { DomainError } from "../errors.js";
import { exp, log } from "../math.js";

/**
 * Counts of values in bins that widen with the value, from which quantiles can be read: plain data that survives structured cloning, of a size that hardly depends on the number of values.
 * Merging is exact in any order. Source: DDSketch (Masson, Rim, Lee 2019).
 */
export interface QuantileSketch {
  count: number;
  least: number;
  greatest: number;
  zeros: number;
  /** Values whose magnitude lies from e^(k / binsPerE) to e^((k + 1) / binsPerE), by k. */
  readonly positive: Map<number, number>;
  readonly negative: Map<number, number>;
}

/** Bins for every factor of e: a bin is 1 % of its values wide. */
const binsPerE = 100;

/** A sketch of no values. */
export function quantileSketch(): QuantileSketch {
  return {
    count: 0,
    least: Number.POSITIVE_INFINITY,
    greatest: Number.NEGATIVE_INFINITY,
    zeros: 0,
    positive: new Map(),
    negative: new Map(),
  };
}

/** Adds a finite value, in place. */
export function addToSketch(sketch: QuantileSketch, x: number): void {
  if (!Number.isFinite(x)) throw new DomainError(`a sketch takes finite numbers, got ${x}`);
  sketch.count++;
  if (x < sketch.least) sketch.least = x;
  if (x > sketch.greatest) sketch.greatest = x;
  if (x === 0) sketch.zeros++;
  else addTo(x > 0 ? sketch.positive : sketch.negative, Math.floor(binsPerE * log(Math.abs(x))), 1);
}

/** Adds the values behind another sketch, in place. */
export function mergeSketch(target: QuantileSketch, other: QuantileSketch): void {
  target.count += other.count;
  target.least = Math.min(target.least, other.least);
  target.greatest = Math.max(target.greatest, other.greatest);
  target.zeros += other.zeros;
  for (const [k, count] of other.positive) addTo(target.positive, k, count);
  for (const [k, count] of other.negative) addTo(target.negative, k, count);
}

/**
 * The quantiles at the probabilities `ps`: each within 1 % of the order statistics around rank (count - 1) p, and mostly far closer, since values are taken to lie evenly in their bin; the least
 * and the greatest value are exact. Throws `DomainError` for no values and for a probability outside [0, 1].
 *
 * @example
 * const s = quantileSketch();
 * for (const x of [1, 2, 3, 4, 5]) addToSketch(s, x);
 * sketchQuantiles(s, [0, 0.5, 1]) // [1, 2.98..., 5]
 */
export function sketchQuantiles(sketch: QuantileSketch, ps: readonly number[]): number[] {
  if (sketch.count === 0) throw new DomainError("there are no values to order: give at least one");
  const bins = ascendingBins(sketch);
  return ps.map((p) => {
    if (!(p >= 0 && p <= 1)) throw new DomainError(`a quantile is asked for at a probability from 0 to 1, got ${p}`);
    const rank = (sketch.count - 1) * p;
    if (rank === 0) return sketch.least;
    if (rank === sketch.count - 1) return sketch.greatest;
    let before = 0;
    for (const { low, high, count } of bins) {
      if (rank > before + count - 0.5) {
        before += count;
        continue;
      }
      const share = Math.max(0, (rank - before + 0.5) / count);
      const [from, to] = [Math.max(low, sketch.least), Math.min(high, sketch.greatest)];
      return from + share * (to - from);
    }
    return sketch.greatest;
  });
}

interface Bin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

function ascendingBins({ positive, negative, zeros }: QuantileSketch): Bin[] {
  const edges = (k: number) => [exp(k / binsPerE), exp((k + 1) / binsPerE)];
  const below = [...negative].map(([k, count]): Bin => {
    const [near, far] = edges(k);
    return { low: -far, high: -near, count };
  });
  const above = [...positive].map(([k, count]): Bin => {
    const [low, high] = edges(k);
    return { low, high, count };
  });
  const none = zeros > 0 ? [{ low: 0, high: 0, count: zeros }] : [];
  return [...below, ...none, ...above].sort((a, b) => a.low - b.low);
}

function addTo(bins: Map<number, number>, k: number, count: number): void {
  bins.set(k, (bins.get(k) ?? 0) + count);
}
