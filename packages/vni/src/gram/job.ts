import type { Reals } from "@sonde/core";
import type { GramPrecision } from "@sonde/kernels/gram";
import type { LayerStatistics } from "../layer-statistics.js";

/** Everything that the sums over pairs need, as plain data that can be sent to workers. */
export interface GramJob {
  readonly data: Reals;
  readonly points: number;
  readonly units: number;
  readonly precision: GramPrecision;
  /** What is multiplied with each other: the units' columns, or the points' rows (whose matrix of products has the same norm). */
  readonly vectors: "units" | "points";
  /** Subtracted from every unit's values. */
  readonly shifts: Float64Array;
  readonly passes: readonly GramPass[];
  /** With units as vectors: a second sum weighs the squared product of units i and j with `weights[i] * weights[j]`. */
  readonly weights?: Float64Array;
}

/** One matrix of products. */
export interface GramPass {
  /** Every unit's values are multiplied by its factor. */
  readonly factors: Float64Array;
  /** What the sum of its squares is. */
  readonly gives: "correlations" | "covariances";
}

/** Ratios of mean to spread, and magnitudes, beyond which float32 products are not trusted. */
const trusted = { offset: 2 ** 12, least: 2 ** -60, most: 2 ** 60 };

/** Multiplications below which float64 costs nothing that matters. */
const worthFloat32 = 2 ** 20;

/**
 * The cheaper way to sum the squares of all correlations, and of all covariances over (their trace)^2. By units, one pass over N^2 / 2 pairs of M products gives both; by points it
 * takes a pass over M^2 / 2 pairs of N for each of them.
 */
export function gramJob(
  data: Reals,
  statistics: LayerStatistics,
  wanted: readonly GramPass["gives"][] = ["correlations", "covariances"],
): GramJob {
  const { points, units, scale, shifts, squares, constant, square } = statistics;
  const vectors = units <= wanted.length * points ? "units" : "points";
  const unscaled = shifts.map((shift) => shift * scale);
  const own = squares.map((sum, u) => (constant[u] || sum === 0 ? 0 : 1 / Math.sqrt(sum) / scale));
  const common = own.map((factor) => (factor === 0 ? 0 : 1 / Math.sqrt(square) / scale));
  const factors = { correlations: own, covariances: common };
  const many = points * units * Math.min(points, units) > worthFloat32;
  const precision = many && data instanceof Float32Array && fitsFloat32(unscaled, own, points) ? "float32" : "float64";
  const job = { data, points, units, precision, vectors, shifts: unscaled } as const;
  if (vectors === "points") return { ...job, passes: wanted.map((gives) => ({ factors: factors[gives], gives })) };
  return { ...job, passes: [{ factors: own, gives: "correlations" }], weights: squares.map((sum) => sum / square) };
}

function fitsFloat32(shifts: Float64Array, factors: Float64Array, points: number): boolean {
  const root = Math.sqrt(points);
  return factors.every((factor, u) => {
    if (factor === 0) return true;
    const spread = 1 / factor / root;
    return spread > trusted.least && spread < trusted.most && Math.abs(shifts[u]) < trusted.offset * spread;
  });
}
