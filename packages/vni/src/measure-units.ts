import type { Activations, Matrix } from "@sonde/core";
import { type Similarity, withoutBias } from "./bias.js";
import { gramJob } from "./gram/job.js";
import { type SimilaritySums, similaritySums } from "./gram/pair-sums.js";
import { type GramWorkers, similaritySumsParallel } from "./gram/parallel.js";
import { layerActivations, type PositionOptions } from "./layer-activations.js";
import { type LayerStatistics, layerStatistics } from "./layer-statistics.js";

/** How units are compared. */
export interface UnitOptions extends PositionOptions {
  /** Subtract every unit's mean. Without it activations that are never negative have a floor that does not shrink with their number. Default true. */
  readonly centred?: boolean;
  /** Take out what a finite number of points adds, see `withoutBias`. Default true. */
  readonly removeBias?: boolean;
}

/** What the units of one layer have in common over the points. */
export interface UnitRecord extends Similarity {
  /** Mean squared correlation over all pairs of units that are not constant, each with itself included: in [1/N, 1], but for sampling noise where the bias is removed. */
  readonly vni: number;
  /** ||C||_F^2 / (tr C)^2 of the covariance: the same weighted by the units' variances; 1 / participation ratio. */
  readonly weighted: number;
  /** 1 / vni, in [1, units that are not constant]. */
  readonly effectiveNodes: number;
  /** The share of the variance that lies along the direction of the mean activation, in [0, 1]. */
  readonly lengthShare: number;
  /** Units whose values are all equal: left out of `vni`. */
  readonly constantUnits: number;
  readonly points: number;
  readonly units: number;
  /** Both values with the bias that a finite number of points adds. */
  readonly raw: Similarity;
  /** Why `vni` and `weighted` are NaN. */
  readonly reason?: string;
  /** Why they may be misread. */
  readonly warning?: string;
}

/**
 * Compares the units of one layer over the points, all quantities at once.
 *
 * `[points, units]`, or `[points, ...positions, channels]` as `positions` says. With M points and N units the cost is the smaller of M N^2 and 2 M^2 N; float32 activations are multiplied in
 * float32 and summed in float64. The result is NaN with a `reason` for fewer than four points (two where the bias stays), or if every unit is constant.
 *
 * Throws `NumericalError` for NaN or infinite activations, `ShapeError` for no points or units.
 *
 * @example
 * const { vni, constantUnits } = measureUnits([[1, 2, 0], [2, 4, 0], [3, 6, 0], [5, 10, 0]]);
 * [vni.toFixed(6), constantUnits] // ["1.000000", 1]
 */
export function measureUnits(activations: Activations, options: UnitOptions = {}): UnitRecord {
  return unitRecord(layerActivations(activations, options), options);
}

/**
 * The same by worker threads, for large layers: the same bits for any number of them.
 *
 * @example
 * const { Worker } = await import("node:worker_threads");
 * const createWorker = () => new Worker(new URL(import.meta.resolve("@sonde/vni/worker")));
 * (await measureUnitsParallel([[1, 0], [0, 1], [-1, 0], [0, -1]], { threads: 2, createWorker })).constantUnits // 0
 */
export async function measureUnitsParallel(
  activations: Activations,
  { threads, createWorker, signal, ...options }: UnitOptions & GramWorkers,
): Promise<UnitRecord> {
  const { centred = true } = options;
  const matrix = layerActivations(activations, options);
  const statistics = layerStatistics(matrix, { centred });
  const job = gramJob(matrix.data, statistics);
  return recordOf(statistics, await similaritySumsParallel(job, { threads, createWorker, signal }), options);
}

/** The record of a matrix of activations `[points, units]`. */
export function unitRecord(activations: Matrix, options: UnitOptions): UnitRecord {
  const { centred = true } = options;
  const statistics = layerStatistics(activations, { centred });
  return recordOf(statistics, similaritySums(gramJob(activations.data, statistics)), options);
}

/** The record behind sums over pairs. */
export function recordOf(
  statistics: Pick<LayerStatistics, "points" | "units" | "varying" | "square" | "quartic" | "alongMean">,
  { correlations, covariances }: SimilaritySums,
  { centred = true, removeBias = true }: UnitOptions,
): UnitRecord {
  const { points, units, varying, square, alongMean } = statistics;
  const common = { constantUnits: units - varying, points, units };
  const reason = whyNot(points, varying, { centred, removeBias });
  if (reason !== undefined) {
    const nothing = { vni: Number.NaN, weighted: Number.NaN };
    return { ...nothing, effectiveNodes: Number.NaN, lengthShare: Number.NaN, ...common, raw: nothing, reason };
  }
  // One unit is its own copy, without rounding.
  const raw = varying === 1 ? { vni: 1, weighted: 1 } : { vni: correlations / (varying * varying), weighted: covariances };
  const { vni, weighted } = removeBias && varying > 1 ? withoutBias(raw, statistics, centred) : raw;
  const effectiveNodes = Math.min(varying, Math.max(1, vni > 0 ? 1 / vni : varying));
  // Ten for every node, which rounding must not make eleven.
  const enough = Math.ceil(10 * effectiveNodes - 1e-6);
  return {
    vni,
    weighted,
    effectiveNodes,
    lengthShare: alongMean / square,
    ...common,
    raw,
    ...(points < enough && {
      warning: `${points} points are few for ${Math.round(effectiveNodes)} effective nodes: sampling noise is large below ${enough}`,
    }),
  };
}

function whyNot(points: number, varying: number, { centred, removeBias }: Required<Pick<UnitOptions, "centred" | "removeBias">>) {
  const least = removeBias ? (centred ? 4 : 2) : centred ? 2 : 1;
  if (points < least)
    return `${points} ${points === 1 ? "point says" : "points say"} nothing about correlations between units: give at least ${least}, better ten times the effective nodes`;
  if (varying === 0) return "every unit is constant over the points, so no two of them can be compared";
  return undefined;
}
