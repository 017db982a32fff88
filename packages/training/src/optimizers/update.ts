import { pow } from "@sonde/core/math";
import type { Optimizer } from "./optimizer.js";

/** A stretch of the parameters that is trained. */
export interface TrainedRange {
  readonly start: number;
  readonly end: number;
  /** Whether weight decay is for it. */
  readonly decays: boolean;
}

/** One step of one network. */
export interface Update {
  /** `[parameters]`, changed in place. */
  readonly parameters: Float64Array;
  /** `[parameters]`, clipped; scratch. */
  readonly gradient: Float64Array;
  /** What the optimiser remembers, each `[parameters]`, changed in place. */
  readonly slots: readonly Float64Array[];
  readonly ranges: readonly TrainedRange[];
  readonly rate: number;
  readonly l2: number;
  readonly decay: number;
  /** 1, 2, ... */
  readonly step: number;
}

/** Changes the parameters of a network by one step of an optimiser, see `Optimizer`. */
export function applyUpdate(optimizer: Optimizer, update: Update): void {
  for (const range of update.ranges) {
    if (range.decays) decayRange(range, update);
    updateRange(optimizer, range, update);
  }
}

function decayRange({ start, end }: TrainedRange, { parameters, gradient, rate, l2, decay }: Update): void {
  if (decay > 0) for (let i = start; i < end; i++) parameters[i] *= 1 - rate * decay;
  if (l2 > 0) for (let i = start; i < end; i++) gradient[i] += l2 * parameters[i];
}

function updateRange(optimizer: Optimizer, { start, end }: TrainedRange, update: Update): void {
  const { parameters: p, gradient: g, slots, rate, step } = update;
  switch (optimizer.name) {
    case "sgd":
      for (let i = start; i < end; i++) p[i] -= rate * g[i];
      return;
    case "momentum":
    case "nesterov": {
      const { momentum } = optimizer;
      const [v] = slots;
      const nesterov = optimizer.name === "nesterov";
      for (let i = start; i < end; i++) {
        v[i] = momentum * v[i] + g[i];
        p[i] -= rate * (nesterov ? g[i] + momentum * v[i] : v[i]);
      }
      return;
    }
    case "rmsprop": {
      const { alpha, epsilon } = optimizer;
      const [v] = slots;
      for (let i = start; i < end; i++) {
        v[i] = alpha * v[i] + (1 - alpha) * g[i] * g[i];
        p[i] -= (rate * g[i]) / (Math.sqrt(v[i]) + epsilon);
      }
      return;
    }
    case "adam":
    case "adamw": {
      const { beta1, beta2, epsilon } = optimizer;
      const [m, v] = slots;
      const size = rate / (1 - pow(beta1, step));
      const root = Math.sqrt(1 - pow(beta2, step));
      for (let i = start; i < end; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        p[i] -= (size * m[i]) / (Math.sqrt(v[i]) / root + epsilon);
      }
    }
  }
}

/** The norm of the gradient by everything that is trained. */
export function gradientNorm(gradient: Float64Array, ranges: readonly TrainedRange[]): number {
  let sum = 0;
  for (const { start, end } of ranges) for (let i = start; i < end; i++) sum += gradient[i] * gradient[i];
  return Math.sqrt(sum);
}

/** Scales the gradient to the largest norm where it is longer, as PyTorch's `clip_grad_norm_`: by most / (norm + 1e-6), if that is below 1. */
export function clipGradient(gradient: Float64Array, ranges: readonly TrainedRange[], most: number): void {
  const factor = most / (gradientNorm(gradient, ranges) + 1e-6);
  if (!(factor < 1)) return;
  for (const { start, end } of ranges) for (let i = start; i < end; i++) gradient[i] *= factor;
}
