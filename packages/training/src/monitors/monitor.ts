import type { Matrix } from "@sonde/core";
import type { Architecture, NetworkMetric } from "@sonde/nets";

/** What a monitor finds in the hidden layers of one network at one step, by name, one value for each layer; null where a value does not exist. */
export type LayerValues = Readonly<Record<string, readonly (number | null)[]>>;

/** Something that is watched while networks train: metrics of initialisation, and what is read from the state of a single network. */
export interface Monitor {
  readonly name: string;
  /** What it reads. */
  readonly quantities: readonly string[];
  /** Its metrics for this architecture and these points; none where they say nothing. */
  metrics(architecture: Architecture, points: Matrix<Float64Array>): readonly NetworkMetric[];
  /** `states` in the order of the metrics. */
  read(states: readonly unknown[]): LayerValues;
}
