import { ConfigError, decimal, quote } from "@sonde/core";
import {
  defaultLoss,
  defaultOptimizer,
  type Loss,
  lossNames,
  monitorNames,
  type Optimizer,
  optimizerNames,
  type Schedule,
  scheduleNames,
} from "@sonde/training";
import type { Option } from "commander";
import { option, type SharedOptions, seedOption, standardizeOption, threadsOption } from "./options.js";
import { atLeastZero, between, oneOf, type Parse, whole, wholes } from "./parse.js";
import { executorNames } from "./training-executors.js";

/** What `sonde train` understands beside the model, the seed and the output. */
export interface TrainOptions extends SharedOptions {
  target?: string;
  labels?: string;
  spread?: number;
  test?: number;
  loss?: Loss;
  optimizer?: Optimizer;
  learningRate?: number;
  schedule?: ChosenSchedule;
  warmup?: number;
  weightDecay?: number;
  clip?: number;
  batch?: number;
  ownBatches?: true;
  freezeBiases?: true;
  trainNorms?: true;
  steps?: number;
  runs?: number;
  monitor?: string[];
  looks?: number;
  learned?: number;
  executor?: string;
  checkpoint?: string;
  overfit?: number;
  coordinateCheck?: true;
  widths?: number[];
}

/** A schedule, or its name alone where its numbers follow from the steps. */
type ChosenSchedule = Schedule | Schedule["name"];

/** What is learned. */
export function taskOptions(): Option[] {
  return [
    option(
      "--target <name>",
      "what is learned: abs, x-sin-5x, step-sin or abs-2d (functions on [-sqrt 3, sqrt 3]), xor, labels (of --data), or column:NAME of a file (default: labels, with --data)",
    ),
    option(
      "--data <source>",
      "points with labels: digits, mnist, fashion-mnist, xor or a file in IDX, npy or CSV (default: none)",
    ),
    standardizeOption(),
    option("--labels <file>", "the labels of --data where they are in a file of their own, as with IDX (default: none)"),
    option(
      "--points <number>",
      "points of a function, of the clouds of xor, or taken from the data (1 to 10000000; default: 3000 of a function, the four corners of xor, all data)",
      whole("--points", 1, 1e7),
    ),
    option("--spread <number>", "standard deviation of the clouds of xor (from 0; default: 0.1)", atLeastZero("--spread", 1e6)),
    option("--test <share>", "share of the data that is kept to test on (0 to 0.9; default: 0.2)", atLeastZero("--test", 0.9)),
  ];
}

/** How it is learned. */
export function recipeOptions(): Option[] {
  return [
    option(
      "--loss <name>",
      `${lossNames.join(", ")}; huber:DELTA (default: cross-entropy for classes and several outputs, else mse)`,
      lossOption,
    ),
    option(
      "--optimizer <name>",
      `${optimizerNames.join(", ")}; as PyTorch defines them, momentum:0.9 and adam:0.9,0.999 name their constants (default: adam)`,
      optimizerOption,
    ),
    option("--learning-rate <number>", "above 0 (default: 0.001, of rmsprop 0.01)", between("--learning-rate", 0)),
    option(
      "--schedule <name>",
      "how the rate changes: constant, cosine to 0, or step:EVERY,FACTOR (default: constant)",
      scheduleOption,
    ),
    option("--warmup <steps>", "steps of linear warm-up (0 to 1000000000; default: 0)", whole("--warmup", 0, 1e9)),
    option(
      "--weight-decay <number>",
      "L2, with adamw decoupled (from 0; default: 0, with adamw 0.01)",
      atLeastZero("--weight-decay", 1e6),
    ),
    option("--clip <norm>", "the largest norm of a network's gradient (above 0; default: none)", between("--clip", 0)),
    option("--batch <number>", "points in a batch (1 to 10000000; default: 128, or all)", whole("--batch", 1, 1e7)),
    option("--own-batches", "every network draws its own batches (default: all see the same)"),
    option("--freeze-biases", "biases stay as they are drawn (default: they are trained)"),
    option("--train-norms", "norms get a scale and a shift for each unit that are trained (default: they have none)"),
    option("--steps <number>", "steps of training (1 to 1000000000; default: 1000)", whole("--steps", 1, 1e9)),
    option("--runs <number>", "random networks that are trained (1 to 10000000; default: 100)", whole("--runs", 1, 1e7)),
  ];
}

/** What is looked at, and how outcomes are told. */
export function watchingOptions(): Option[] {
  return [
    option(
      "--monitor <list>",
      `what is watched during training, joined by commas: ${monitorNames.join(", ")} or none (default: death)`,
      monitorOption,
    ),
    option(
      "--looks <number>",
      "steps at which networks are looked at, evenly spaced by their logarithm (0 to 10000; default: 16)",
      whole("--looks", 0, 10_000),
    ),
    option(
      "--learned <skill>",
      "share of the best constant's loss (with classes: of the errors of always guessing the most frequent) that must be gone to have learned (above 0, up to 1; default: 0.9, with classes 0.75)",
      skillOption,
    ),
  ];
}

/** Questions that are answered in a moment. */
export function quickTestOptions(): Option[] {
  return [
    option(
      "--overfit <number>",
      "instead: can networks learn so many points by heart, and in how many steps (1 to 100000; default: off)",
      whole("--overfit", 1, 100_000),
    ),
    option(
      "--coordinate-check",
      "instead: the mean |activation| by layer over widths and the first steps, 5 where --steps does not say (default: off)",
    ),
    option(
      "--widths <list>",
      "widths of the first hidden layer for --coordinate-check; all hidden layers change by the same factor (1 to 10000, as ranges or numbers joined by commas; default: 1, 2, 4 and 8 times the model's)",
      wholes("--widths", 1, 10_000),
    ),
  ];
}

/** How the run is carried out. */
export function trainingRunOptions(): Option[] {
  return [
    seedOption(),
    threadsOption(),
    option(
      "--executor <name>",
      "kernels (WebAssembly, float32), tfjs (TensorFlow.js where it is installed, float32: convolutions) or reference (plain float64: everything) (default: the fastest that can train the model)",
      oneOf("--executor", executorNames),
    ),
    option("--checkpoint <file>", "keep the run in this file, and go on from it if it exists, to the same bits (default: none)"),
  ];
}

/** `huber:0.5` */
function lossOption(text: string): Loss {
  const [name, delta] = named("--loss", text, lossNames, { huber: 1 });
  return name === "huber" && delta.length > 0 ? { name, delta: delta[0] } : defaultLoss(name);
}

/** `momentum:0.95`, `adam:0.9,0.99`. */
function optimizerOption(text: string): Optimizer {
  const [name, numbers] = named("--optimizer", text, optimizerNames, { momentum: 1, nesterov: 1, rmsprop: 1, adam: 2, adamw: 2 });
  const { optimizer } = defaultOptimizer(name);
  const constants: Readonly<Record<string, readonly string[]>> = {
    rmsprop: ["alpha"],
    adam: ["beta1", "beta2"],
    adamw: ["beta1", "beta2"],
  };
  return Object.assign(
    {},
    optimizer,
    Object.fromEntries(numbers.map((value, k) => [(constants[name] ?? ["momentum"])[k], value])),
  );
}

/** `step:1000,0.1` */
function scheduleOption(text: string): ChosenSchedule {
  const [name, numbers] = named("--schedule", text, scheduleNames, { step: 2 });
  return name === "step" && numbers.length > 0 ? { name, every: numbers[0], factor: numbers[1] } : name;
}

/** A name, and after a colon as many numbers as it may have. */
function named<Name extends string>(
  flag: string,
  text: string,
  names: readonly Name[],
  counts: Partial<Record<Name, number>>,
): [Name, number[]] {
  const [word, list, ...rest] = text.split(":");
  const name = oneOf(flag, names)(word);
  const numbers = list === undefined ? [] : list.split(",").map(decimal);
  const wanted = counts[name] ?? 0;
  if (rest.length > 0 || (list !== undefined && (numbers.length !== wanted || !numbers.every(Number.isFinite))))
    throw new ConfigError(
      `${flag} ${name} takes ${wanted === 0 ? "no numbers" : `${wanted} number${wanted > 1 ? "s joined by a comma" : ""} after a colon`}, got ${quote(text)}`,
    );
  return [name, numbers];
}

const monitorOption: Parse<string[]> = (text) => {
  if (text === "none") return [];
  return [...new Set(text.split(",").map((name) => oneOf("--monitor", monitorNames)(name.trim())))];
};

const skillOption: Parse<number> = (text) => {
  const value = decimal(text);
  if (value > 0 && value <= 1) return value;
  throw new ConfigError(`--learned takes a number above 0 and up to 1, got ${quote(text)}`);
};
