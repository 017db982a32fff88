import type { Matrix } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import type { Pause } from "./pause.js";
import type { TrainingPlan } from "./plan.js";

/**
 * A way to carry out training plans. The reference (plain float64) defines the meaning; others may round differently, but see the same networks, the same batches
 * (`batchOf`) and the same rates (`rateAt`) at every step.
 */
export interface TrainingExecutor {
  readonly name: string;
  /** Why it cannot carry out this plan, in words that end a sentence: `undefined` if it can. */
  refusal(plan: TrainingPlan): string | undefined;
  /** Elementary steps (of about a tenth of a nanosecond) for one training step of one network, roughly. */
  cost(plan: TrainingPlan): number;
  /**
   * Networks `first` to `first + count - 1` of the plan, as drawn, or as they were saved. `count` is a multiple of 4 unless the plan's last networks are among them. Networks never depend on their
   * neighbours, so any grouping gives the same bits. `pause` is awaited between networks.
   */
  prepare(plan: TrainingPlan, first: number, count: number, saved?: TrainingState, pause?: Pause): Promise<TrainingGroup>;
}

/** Networks that a group begins with: as drawn, or as they were saved. */
export interface Beginning {
  readonly first: number;
  readonly count: number;
  readonly saved?: TrainingState;
  readonly pause?: Pause;
}

/** Networks that are trained together. */
export interface TrainingGroup {
  readonly first: number;
  readonly count: number;
  /** Steps done so far. */
  readonly step: number;
  /** Does so many more steps. Networks whose values are no longer finite are carried along. Where `pause` throws within a step, that step has not been done. */
  advance(steps: number, pause?: Pause): Promise<void>;
  /**
   * The loss of every network on the batch of the last step, before its update; NaN before the first. It is the plain loss, without weight decay.
   * `-> [count]`
   */
  losses(): Float64Array;
  /** A copy of the parameters of network `first + index`, in the order and shapes of `Network.parameters`, then where norms are trained of `Network.norms`; see `networkOf`. */
  parameters(index: number): LayerParameters[];
  /**
   * The outputs of network `first + index` for points, `[points, inputs] -> [points, outputs]`, where the executor has them faster than `forward`: networks are asked for in succession with the same points, so
   * neighbours may be computed together and kept. Batch norm uses the statistics of these points.
   */
  outputs?(index: number, points: Matrix<Float64Array>): Matrix;
  /** All it takes to go on to the same bits. */
  save(): TrainingState;
  /** Gives memory back; the group is of no use afterwards. */
  dispose(): void;
}

/**
 * A group of networks in the middle of their training, as plain data. Values lie network by network, layer by layer as `parameterBlocks` says, each layer's weights (row-major) before its
 * biases; biases that are not trained are there too.
 */
export interface TrainingState {
  /** The name of the executor that it belongs to. */
  readonly executor: string;
  readonly first: number;
  readonly count: number;
  readonly step: number;
  /** `[count, parameters]`: float64 for the reference, float32 elsewhere. */
  readonly parameters: Float64Array | Float32Array;
  /** What the optimiser remembers, as many arrays of the same layout as it needs (see `slotCount`): none, the momentum, the mean square, or Adam's two moments. */
  readonly slots: readonly (Float64Array | Float32Array)[];
  /** Losses of the last step, `[count]`. */
  readonly losses: Float64Array;
}
