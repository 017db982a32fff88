import type { Estimate, Matrix } from "@sonde/core";
import type { DeathProbabilityOptions } from "@sonde/metrics-death";
import type { TangentKernelRecord } from "@sonde/metrics-gradient";
import type { DoctorsAnglesRecord } from "./examinations/angles.js";
import type { DoctorsDeathRecord } from "./examinations/death.js";
import type { GradientsExamined } from "./examinations/gradients.js";
import type { InputsRecord } from "./examinations/inputs.js";
import type { ScaleRecord } from "./examinations/scale.js";
import type { SignalRecord } from "./examinations/signal.js";
import type { StructureRecord } from "./examinations/structure.js";
import type { NodesRecord } from "./examinations/vanishing-nodes.js";

/** `relativeError` is about P(born dead). */
export interface MeasureOptions extends DeathProbabilityOptions {
  /** Pairs of points whose angle is measured, see `measureAngles`. Default 256. */
  readonly pairs?: number;
  /** What is to be learned at the points of `data`, `[points, outputs]`, classes as rows of 0 and a 1: then it is told how much of it gradients can reach. */
  readonly targets?: Matrix<Float64Array>;
}

/** What is known of an architecture after one pass over an ensemble: a record for every examination. */
export interface Measurement {
  readonly inputs: InputsRecord;
  /** What follows from the description alone. */
  readonly structure: StructureRecord;
  readonly death: DoctorsDeathRecord;
  /** Scale, slopes, saturation, dead units and outputs; absent where the signal was interrupted before. */
  readonly scale?: ScaleRecord;
  /** Absent where a few networks would take long, and where the signal was interrupted before. */
  readonly gradients?: GradientsExamined;
  /** The tangent kernel of a few networks; absent for a single point, and where it would take long. */
  readonly conditioning?: TangentKernelRecord;
  /** Absent where no two inputs are told apart by their direction. */
  readonly angles?: DoctorsAnglesRecord;
  /** Absent where the inputs lie along a line, or are few points. */
  readonly nodes?: NodesRecord;
  /** Absent for few points and few layers. */
  readonly signal?: SignalRecord;
  /** Mean ln of the variance over the points at the last hidden layer, over the inputs'; absent where the inputs are a single point or ray. */
  readonly logSpread?: Estimate;
  readonly networks: number;
  readonly interrupted: boolean;
  /** Elementary steps (of about a tenth of a nanosecond) that were planned for it. */
  readonly work: number;
}
