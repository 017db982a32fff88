import { ConfigError, nearest, quote } from "@sonde/core";
import type { Loss } from "./losses/loss.js";
import type { Optimizer } from "./optimizers/optimizer.js";
import type { Schedule } from "./schedule.js";

const optimizers: Readonly<
  Record<Optimizer["name"], { readonly optimizer: Optimizer; readonly learningRate: number; readonly decay: number }>
> = {
  sgd: { optimizer: { name: "sgd" }, learningRate: 1e-3, decay: 0 },
  momentum: { optimizer: { name: "momentum", momentum: 0.9 }, learningRate: 1e-3, decay: 0 },
  nesterov: { optimizer: { name: "nesterov", momentum: 0.9 }, learningRate: 1e-3, decay: 0 },
  rmsprop: { optimizer: { name: "rmsprop", alpha: 0.99, epsilon: 1e-8 }, learningRate: 1e-2, decay: 0 },
  adam: { optimizer: { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, learningRate: 1e-3, decay: 0 },
  adamw: { optimizer: { name: "adamw", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, learningRate: 1e-3, decay: 1e-2 },
};

const losses: Readonly<Record<Loss["name"], Loss>> = {
  mse: { name: "mse" },
  mae: { name: "mae" },
  huber: { name: "huber", delta: 1 },
  "cross-entropy": { name: "cross-entropy" },
};

const schedules: Readonly<Record<Schedule["name"], (steps: number) => Schedule>> = {
  constant: () => ({ name: "constant" }),
  step: (steps) => ({ name: "step", every: Math.max(1, Math.ceil(steps / 3)), factor: 0.1 }),
  cosine: () => ({ name: "cosine" }),
};

export const optimizerNames = Object.keys(optimizers) as readonly Optimizer["name"][];
export const lossNames = Object.keys(losses) as readonly Loss["name"][];
export const scheduleNames = Object.keys(schedules) as readonly Schedule["name"][];

/**
 * An optimiser by its name, with PyTorch's constants (momentum 0.9), its learning rate, and its decoupled weight decay (0.01 for `adamw`).
 *
 * @example
 * defaultOptimizer("adam").learningRate // 0.001
 */
export function defaultOptimizer(name: string) {
  return known("optimizer", optimizers, name);
}

/** A loss by its name, `huber` with delta 1. */
export function defaultLoss(name: string): Loss {
  return known("loss", losses, name);
}

/** A schedule by its name, `step` dividing the rate by 10 after each third of the steps. */
export function defaultSchedule(name: string, steps: number): Schedule {
  return known("schedule", schedules, name)(steps);
}

function known<Value>(kind: string, table: Readonly<Record<string, Value>>, name: string): Value {
  if (Object.hasOwn(table, name)) return table[name];
  const names = Object.keys(table);
  const near = nearest(name, names);
  throw new ConfigError(
    `unknown ${kind} ${quote(String(name))}: ${near ? `did you mean ${near}?` : `the names are ${names.join(", ")}`}`,
  );
}
