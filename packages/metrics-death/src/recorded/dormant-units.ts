import { DomainError } from "@sonde/core";
import { activationsOf, type RecordedActivations } from "./activations.js";

/** Which units of a layer are dormant on recorded points. */
export interface DormantUnits {
  readonly units: number;
  /** The mean |activation| of each unit over the layer's mean of it; all 0 where the whole layer is zero. Their mean is 1 otherwise. */
  readonly scores: Float64Array;
  /** Units with a score of at most tau, by index from 0. */
  readonly dormant: readonly number[];
  /** dormant.length / units. */
  readonly dormantShare: number;
}

/**
 * The units whose mean |activation| is at most tau times their layer's mean of it. `<=`, so that a layer of zeros is dormant as a whole and tau = 0 asks for dead units.
 *
 * `[points, units]` or `[points, ...positions, channels]`; the mean of a channel is over points and positions.
 *
 * @param options.tau at least 0, default 0.025
 * @throws ShapeError or ConfigError for what are no activations, DomainError for another tau
 * @see Sokar, Agarwal, Castro, Evci, "The dormant neuron phenomenon in deep reinforcement learning", 2023
 *
 * @example
 * dormantUnits([[0.01, 3], [0, 2.99]]).dormant // [0]
 */
export function dormantUnits(activations: RecordedActivations, options: { readonly tau?: number } = {}): DormantUnits {
  const { tau = 0.025 } = options;
  if (!(tau >= 0 && tau < Number.POSITIVE_INFINITY)) throw new DomainError(`tau is a finite number from 0, got ${tau}`);
  const { units, data } = activationsOf(activations);
  const sums = new Float64Array(units);
  // Over the largest value, so that neither sums nor quotients leave float64.
  let largest = 0;
  for (let k = 0; k < data.length; k++) largest = Math.max(largest, Math.abs(data[k]));
  if (largest > 0) for (let k = 0; k < data.length; k++) sums[k % units] += Math.abs(data[k]) / largest;
  const mean = sums.reduce((sum, value) => sum + value, 0) / units;
  const scores = sums.map((sum) => (mean > 0 ? sum / mean : 0));
  const dormant = Array.from(scores.keys()).filter((j) => scores[j] <= tau);
  return { units, scores, dormant, dormantShare: dormant.length / units };
}
