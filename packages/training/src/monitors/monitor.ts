import type { Matrix } from "@sonde/core";
import type { NetworkMetric } from "@sonde/nets";
import type { TrainingPlan } from "../plan.js";

/** What a monitor finds in the hidden layers of one network at one step, by name, one value for each layer; null where a value does not exist. */
export type LayerValues = Readonly<Record<string, readonly (number | null)[]>>;

/** A metric of initialisation, as networks in training are shown to it. */
export interface Sight extends NetworkMetric {
  /** Points of its own with a direction for each, of which it sees the tangents. Default: the points that are watched, without tangents. */
  readonly at?: { readonly inputs: Matrix<Float64Array>; readonly directions: Matrix<Float64Array> };
}

/** Something that is watched while networks train: metrics of initialisation, and what is read from the state of a single network. */
export interface Monitor {
  readonly name: string;
  /** What it reads. */
  readonly quantities: readonly string[];
  /** Its metrics for this plan and these points; none where they say nothing. */
  sights(plan: Pick<TrainingPlan, "architecture" | "inputs" | "seed">, points: Matrix<Float64Array>): readonly Sight[];
  /** `states` in the order of its metrics, by their names. */
  read(states: Readonly<Record<string, unknown>>): LayerValues;
}
