import { expm1, log } from "@sonde/core/math";
import { activationsOf, type RecordedActivations } from "./activations.js";

/** Which units of a layer are dead on recorded points, and how sure that is. */
export interface DeadUnits {
  readonly points: number;
  /** Units, or channels. */
  readonly units: number;
  /** Units that are zero at every point (and position), by index from 0. */
  readonly dead: readonly number[];
  /** dead.length / units. */
  readonly deadShare: number;
  /**
   * What a dead unit's firing rate on new points like these is below, at 95 %: 1 - 0.05^(1/points), about 3 / points.
   */
  readonly rateBelow: number;
  /** The share of points at which each unit is not zero (at any position), one for each unit. */
  readonly firingRate: Float64Array;
  /** The share of all entries that are zero: sparsity, which says nothing about death. */
  readonly zeroEntries: number;
  /** The share of points at which every unit is zero: death seen by sample instead of by unit. */
  readonly deadPoints: number;
}

/**
 * The units of a layer that are zero on all recorded points: `[points, units]` or `[points, ...positions, channels]`, where a channel fires at a point if it is not zero at some position.
 *
 * No firing in m points does not prove death: with 95 % confidence the unit's firing rate is below 1 - 0.05^(1/m), about 3 / m (the points must be independent draws). A layer can be sparse, with
 * many zero entries, and yet have no dead unit.
 *
 * @throws ShapeError or ConfigError for what are no activations
 *
 * @example
 * const { dead, rateBelow, zeroEntries } = deadUnits([[0, 1], [0, 0], [0, 2]]);
 * [dead, rateBelow, zeroEntries] // [[0], 0.6315..., 0.6666...]
 */
export function deadUnits(activations: RecordedActivations): DeadUnits {
  const { points, positions, units, data } = activationsOf(activations);
  const fired = new Float64Array(units);
  const firesHere = new Uint8Array(units);
  let zeros = 0;
  let deadPoints = 0;
  for (let p = 0; p < points; p++) {
    firesHere.fill(0);
    const start = p * positions * units;
    for (let k = 0; k < positions * units; k++) {
      if (data[start + k] === 0) zeros++;
      else firesHere[k % units] = 1;
    }
    if (!firesHere.includes(1)) deadPoints++;
    for (let j = 0; j < units; j++) fired[j] += firesHere[j];
  }
  const dead = Array.from(fired.keys()).filter((j) => fired[j] === 0);
  return {
    points,
    units,
    dead,
    deadShare: dead.length / units,
    rateBelow: -expm1(log(0.05) / points),
    firingRate: fired.map((count) => count / points),
    zeroEntries: zeros / (points * positions * units),
    deadPoints: deadPoints / points,
  };
}
