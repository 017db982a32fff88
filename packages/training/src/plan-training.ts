import { ConfigError, DomainError, type Matrix, oneHot, ShapeError } from "@sonde/core";
import { type Architecture, inferShapes, size } from "@sonde/nets";
import type { Examples, TrainingData } from "./data/training-data.js";
import { defaultLoss, defaultOptimizer, defaultSchedule } from "./defaults.js";
import type { Loss } from "./losses/loss.js";
import type { Optimizer } from "./optimizers/optimizer.js";
import type { TrainingPlan } from "./plan.js";
import type { Schedule } from "./schedule.js";

/** How networks are trained; what is absent is PyTorch's default where it has one. */
export interface RecipeOptions {
  /** Default `cross-entropy` for classes and more than one output, else `mse`. */
  readonly loss?: Loss | Loss["name"];
  /** Default `adam`. */
  readonly optimizer?: Optimizer | Optimizer["name"];
  /** Default that of the optimiser: 0.001, of `rmsprop` 0.01. */
  readonly learningRate?: number;
  /** Default `constant`. */
  readonly schedule?: Schedule | Schedule["name"];
  /** Steps of linear warm-up. Default 0. */
  readonly warmup?: number;
  /** Weight decay as the optimiser means it: decoupled with `adamw`, L2 with the others. Default 0, of `adamw` 0.01. */
  readonly weightDecay?: number;
  /** Whether weight decay is decoupled from the gradient. Default: with `adamw` alone. */
  readonly decoupled?: boolean;
  /** Whether biases decay too. Default true, as in PyTorch. */
  readonly decayBiases?: boolean;
  /** The largest norm of a network's gradient. Default: none. */
  readonly clip?: number;
  /** Whether biases are trained. Default true. */
  readonly trainBiases?: boolean;
  /** Whether norms get a scale and a shift for each channel that are trained. Default false. */
  readonly trainNorms?: boolean;
  /** Points in a batch. Default 128, or all where there are fewer. */
  readonly batch?: number;
  /** Whether all networks see the same batches or each draws its own. Default `shared`. */
  readonly batches?: "shared" | "own";
  /** Default 1000. */
  readonly steps?: number;
  /** Networks. Default 100. */
  readonly runs?: number;
  /** A whole number from 0. Default 0. */
  readonly seed?: number;
}

/**
 * The plan of a training run, checked and with every default written out.
 *
 * Throws `ConfigError` or `DomainError` for options that make no sense, `ShapeError` where targets do not fit the outputs.
 *
 * @example
 * planTraining(mlp("2-8x2-2"), xorData(), { steps: 10 }).batch // 4
 */
export function planTraining(architecture: Architecture, data: TrainingData, options: RecipeOptions = {}): TrainingPlan {
  const outputs = outputCount(architecture);
  const loss = chosen(options.loss ?? (data.classes !== undefined && outputs > 1 ? "cross-entropy" : "mse"), defaultLoss);
  const { optimizer, learningRate: ownRate, decay: ownDecay } = chosenOptimizer(options.optimizer ?? "adam");
  const { steps = 1000, runs = 100, seed = 0, warmup = 0, clip, batches = "shared" } = options;
  const {
    trainBiases = true,
    trainNorms = false,
    decayBiases = true,
    learningRate = ownRate,
    decoupled = optimizer.name === "adamw",
  } = options;
  const { weightDecay = ownDecay } = options;
  const schedule = chosen(options.schedule ?? "constant", (name) => defaultSchedule(name, steps));
  const { rows } = data.inputs;
  const batch = options.batch ?? Math.min(128, rows);
  whole("steps", steps, 1, 1e9);
  whole("runs", runs, 1, 1e7);
  whole("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  whole("warmup", warmup, 0, steps - 1);
  whole("batch", batch, 1, Number.MAX_SAFE_INTEGER);
  if (batch > rows)
    throw new ConfigError(`a batch of ${batch} is larger than the data, which has ${rows} points: take at most ${rows}`);
  above("learning rate", learningRate);
  if (clip !== undefined) above("norm that gradients are clipped to", clip);
  if (!(weightDecay >= 0 && weightDecay < Number.POSITIVE_INFINITY))
    throw new DomainError(`weight decay is a finite number from 0, got ${weightDecay}`);
  checkConstants(loss, optimizer, schedule);
  const { inputs, targets } = targetsFor(data, data.classes, outputs, loss);
  checkInputs(architecture, inputs);
  return {
    architecture,
    inputs,
    targets,
    loss,
    optimizer,
    learningRate,
    schedule,
    warmup,
    l2: decoupled ? 0 : weightDecay,
    decay: decoupled ? weightDecay : 0,
    decayBiases,
    ...(clip !== undefined && { clip }),
    trainBiases,
    trainNorms,
    batch,
    batches,
    steps,
    runs,
    seed,
  };
}

/** The number of outputs of a network. */
export function outputCount(architecture: Architecture): number {
  const layers = inferShapes(architecture);
  return size(layers[layers.length - 1]?.output ?? architecture.input);
}

/** Examples with targets as the loss wants them: classes become indices for `cross-entropy`, 0 and 1 for a single output, and one-hot rows otherwise. */
export function targetsFor(
  { inputs, targets }: Examples,
  classes: number | undefined,
  outputs: number,
  { name }: Loss,
): Examples {
  if (name === "cross-entropy") {
    if (classes === undefined)
      throw new ConfigError("cross-entropy is a loss for classes, but the targets are values: choose mse, mae or huber");
    if (outputs < Math.max(2, classes))
      throw new ShapeError(
        `cross-entropy over ${classes} classes needs as many outputs, but the model has ${outputs}: give it ${Math.max(2, classes)}, or choose mse`,
      );
    return { inputs, targets };
  }
  if (classes === undefined) {
    if (targets.cols !== outputs)
      throw new ShapeError(
        `the target has ${targets.cols} values for each point, but the model ${outputs} outputs: make them agree`,
      );
    return { inputs, targets };
  }
  if (outputs === 1 && classes <= 2) return { inputs, targets };
  if (outputs < classes)
    throw new ShapeError(
      `${classes} classes need ${classes} outputs, but the model has ${outputs}: ${classes === 2 ? "give it 1 or 2" : `give it ${classes}`}`,
    );
  return { inputs, targets: oneHot(targets.data, outputs) };
}

function chosen<Choice extends object>(value: Choice | string, byName: (name: string) => Choice): Choice {
  return typeof value === "string" ? byName(value) : value;
}

/** The optimiser with its own rate and decay. */
function chosenOptimizer(value: Optimizer | string): ReturnType<typeof defaultOptimizer> {
  return typeof value === "string" ? defaultOptimizer(value) : { ...defaultOptimizer(value.name), optimizer: value };
}

function checkConstants(loss: Loss, optimizer: Optimizer, schedule: Schedule): void {
  if (loss.name === "huber") above("delta of huber", loss.delta);
  for (const [name, value] of Object.entries(optimizer)) {
    if (name === "name") continue;
    if (name === "epsilon" ? value >= 0 && Number.isFinite(value) : value >= 0 && value < 1) continue;
    throw new DomainError(
      `${name} of ${optimizer.name} is a number from 0${name === "epsilon" ? "" : " to below 1"}, got ${value}`,
    );
  }
  if (schedule.name !== "step") return;
  whole("steps between changes of the rate", schedule.every, 1, Number.MAX_SAFE_INTEGER);
  above("factor of the rate", schedule.factor);
}

function checkInputs({ input }: Architecture, { cols, data }: Matrix<Float64Array>): void {
  if (cols !== size(input))
    throw new ShapeError(`a point has ${cols} values, but the model ${size(input)} inputs: give it ${cols}`);
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new DomainError(`inputs are finite numbers, got ${data[wrong]} in row ${Math.floor(wrong / cols) + 1}`);
}

function whole(name: string, value: number, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high))
    throw new DomainError(`${name} is a whole number from ${low} to ${high}, got ${value}`);
}

function above(name: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new DomainError(`the ${name} is a finite number above 0, got ${value}`);
}
