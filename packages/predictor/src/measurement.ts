import type { Estimate } from "@sonde/core";
import type { AnglesRecord } from "@sonde/metrics-correlation";
import type { DeathProbabilityOptions, DeathRecord } from "@sonde/metrics-death";
import type { SignalRecord } from "./examinations/signal.js";
import type { NodesRecord } from "./examinations/vanishing-nodes.js";

/** `relativeError` is about P(born dead). */
export interface MeasureOptions extends DeathProbabilityOptions {
  /** Pairs of points whose angle is measured, see `measureAngles`. Default 256. */
  readonly pairs?: number;
}

/** What is known of an architecture after one pass over an ensemble: a record for every examination. */
export interface Measurement {
  readonly death: DeathRecord;
  /** Absent where the inputs are a single point or ray, which has no angles. */
  readonly angles?: AnglesRecord;
  /** Absent where the inputs lie along a line, or are few points. */
  readonly nodes?: NodesRecord;
  /** Absent for few points and few layers. */
  readonly signal?: SignalRecord;
  /** Mean ln of the variance over the points at the last hidden layer, over the inputs'; absent where the inputs are a single point or ray. */
  readonly logSpread?: Estimate;
  readonly networks: number;
  readonly interrupted: boolean;
}
