import type { Matrix } from "@sonde/core";
import type { Architecture } from "@sonde/nets";
import type { Loss } from "./losses/loss.js";
import type { Optimizer } from "./optimizers/optimizer.js";
import type { Schedule } from "./schedule.js";

/**
 * Everything that decides the numbers of a training run, as plain data that can be sent to workers and written to a checkpoint. Network k is drawn from
 * `networkStream(seed, k)`, so it is the very network that an ensemble of that seed observes at initialisation.
 */
export interface TrainingPlan {
  readonly architecture: Architecture;
  /** Points to learn from, `[points, inputs]`. */
  readonly inputs: Matrix<Float64Array>;
  /** What the outputs should be, `[points, outputs]`; for `cross-entropy` the class of each point, counted from 0, `[points, 1]`. */
  readonly targets: Matrix<Float64Array>;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** The rate before the schedule, above 0. */
  readonly learningRate: number;
  readonly schedule: Schedule;
  /** Steps of linear warm-up, from 0. */
  readonly warmup: number;
  /** Added to the gradient: `l2` times the parameter (PyTorch's `weight_decay` of all optimisers but AdamW). From 0. */
  readonly l2: number;
  /** Decoupled: parameters are multiplied by 1 - rate * `decay` before the step (PyTorch's AdamW). From 0. */
  readonly decay: number;
  /** Whether biases decay too, as in PyTorch. */
  readonly decayBiases: boolean;
  /** The largest norm of the gradient by all parameters of a network; a larger one is scaled down to it, before `l2` is added. Absent: no clipping. */
  readonly clip?: number;
  /** Whether biases are trained; otherwise they stay as drawn. That of an embedding stays 0 in any case. */
  readonly trainBiases: boolean;
  /** Whether every norm gets a scale and a shift for each channel that are trained; they start as the description says. Biases that are not trained hold for shifts too. */
  readonly trainNorms: boolean;
  /** Points in a batch, from 1 to all. */
  readonly batch: number;
  /** Whether all networks see the same batches, or each draws its own order of the points. */
  readonly batches: "shared" | "own";
  readonly steps: number;
  /** How many networks are trained: numbers 0 to `runs - 1` of the seed. */
  readonly runs: number;
  readonly seed: number;
}
