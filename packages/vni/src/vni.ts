import type { Activations } from "@sonde/core";
import { layerActivations, type PositionOptions } from "./layer-activations.js";
import { layerStatistics } from "./layer-statistics.js";
import { measureUnits, type UnitOptions, type UnitRecord } from "./measure-units.js";

/** One number about the units of a layer, with what it rests on. */
export interface VniValue extends Pick<UnitRecord, "points" | "units" | "constantUnits" | "reason" | "warning"> {
  readonly value: number;
}

/**
 * The vanishing node indicator: the mean squared correlation over all pairs of units, R = (1/N^2) sum_ij rho_ij^2, from 1/N (all uncorrelated) to 1 (all copies of one another). Centred and without
 * the sampling bias by default; units that are constant over the points are left out and counted.
 *
 * `[points, units]` or `[points, ...positions, channels]`, of any origin. See `measureUnits` for errors, cost, and what gives NaN with a reason.
 *
 * @see Chang and Lin, arXiv 1910.09745
 *
 * @example
 * vni([[1, 2, 0], [2, 4, 0], [3, 6, 0], [5, 10, 0]]).value.toFixed(6) // "1.000000"
 * vni([[1, 0], [0, 1], [-1, 0], [0, -1]], { removeBias: false }).value.toFixed(6) // "0.500000"
 */
export function vni(activations: Activations, options: UnitOptions = {}): VniValue {
  return oneOf(measureUnits(activations, options), "vni");
}

/**
 * The weighted VNI, ||C||_F^2 / (tr C)^2 of the units' covariance C = 1 / (participation ratio of its eigenvalues), in [1/N, 1]: equal to the VNI where all units have the same variance.
 *
 * @example
 * weightedVni([[1, 0], [0, 2], [-1, 0], [0, -2]], { removeBias: false }).value.toFixed(6) // "0.680000"
 */
export function weightedVni(activations: Activations, options: UnitOptions = {}): VniValue {
  return oneOf(measureUnits(activations, options), "weighted");
}

/**
 * The effective number of nodes, 1 / VNI, between 1 and the number of units that are not constant; NaN where the VNI is.
 *
 * @example
 * effectiveNodes([[1, 0], [0, 1], [-1, 0], [0, -1]], { removeBias: false }) // 2
 */
export function effectiveNodes(activations: Activations, options: UnitOptions = {}): number {
  return measureUnits(activations, options).effectiveNodes;
}

/**
 * The length share: the part of the variance that lies along the direction of the mean activation, in [0, 1]. Close to 1 the points differ in length only, which makes the VNI large without making units copies. NaN if
 * nothing varies.
 *
 * @example
 * lengthShare([[1, 1], [2, 2], [3, 3]]).toFixed(6) // "1.000000"
 */
export function lengthShare(activations: Activations, options: PositionOptions = {}): number {
  const { alongMean, square } = layerStatistics(layerActivations(activations, options), { centred: true });
  return alongMean / square;
}

/**
 * How many units have the same value at all points, bit for bit.
 *
 * @example
 * constantUnits([[1, 0, 5], [2, 0, 5]]) // 2
 */
export function constantUnits(activations: Activations, options: PositionOptions = {}): number {
  const { units, varying } = layerStatistics(layerActivations(activations, options), { centred: true });
  return units - varying;
}

function oneOf({ points, units, constantUnits, reason, warning, ...record }: UnitRecord, name: "vni" | "weighted"): VniValue {
  return {
    value: record[name],
    points,
    units,
    constantUnits,
    ...(reason !== undefined && { reason }),
    ...(warning !== undefined && { warning }),
  };
}
