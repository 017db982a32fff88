import { type Matrix, quantiles } from "@sonde/core";
import { log } from "@sonde/core/math";
import type { TrainingPlan } from "../plan.js";
import { outcomeThresholds } from "./thresholds.js";

/** The constants that a network can collapse to: what they are in the training sample, and what they cost. */
export interface Constants {
  /** The mean of each output's target; for `cross-entropy` the frequency of each class. */
  readonly mean: readonly number[];
  /** The median of each output's target; absent for `cross-entropy`. */
  readonly median?: readonly number[];
  /** The least loss that a constant can have under the plan's loss. */
  readonly loss: number;
  /** The share of the most frequent class, where targets are classes. */
  readonly majority?: number;
}

/**
 * Mean and median of the training targets, and the loss of the best constant.
 *
 * @example
 * const targets = matrixFromRows([[0], [0], [3]]);
 * constantsOf({ targets, loss: { name: "mae" } }, undefined) // { mean: [1], median: [0], loss: 1 }
 */
export function constantsOf(
  { targets, loss }: Pick<TrainingPlan, "targets" | "loss">,
  classes: Matrix<Float64Array> | undefined,
): Constants {
  const majority = classes && { majority: Math.max(...frequencies(classes)) };
  if (loss.name === "cross-entropy") {
    const mean = frequencies(targets);
    return { mean, loss: mean.reduce((sum, p) => sum - (p > 0 ? p * log(p) : 0), 0), ...majority };
  }
  const columns = columnsOf(targets);
  const mean = columns.map(average);
  const median = columns.map((column) => quantiles(column, [0.5])[0]);
  const least = columns.map((column, j) => {
    if (loss.name === "huber") return leastHuber(column, loss.delta);
    if (loss.name === "mae") return meanOver(column, (y) => Math.abs(y - median[j]));
    return meanOver(column, (y) => (y - mean[j]) * (y - mean[j]));
  });
  return { mean, median, loss: average(least), ...majority };
}

/** How far a constant is above the least mean squared and mean absolute error, as shares of those; summed over outputs. */
export function excesses(targets: Matrix<Float64Array>, { mean, median = mean }: Constants, constant: readonly number[]) {
  const columns = columnsOf(targets);
  const total = { variance: 0, squared: 0, deviation: 0, absolute: 0 };
  columns.forEach((column, j) => {
    total.variance += meanOver(column, (y) => (y - mean[j]) * (y - mean[j]));
    total.squared += (constant[j] - mean[j]) * (constant[j] - mean[j]);
    const least = meanOver(column, (y) => Math.abs(y - median[j]));
    total.deviation += least;
    total.absolute += meanOver(column, (y) => Math.abs(y - constant[j])) - least;
  });
  return { mean: total.squared / total.variance, median: total.absolute / total.deviation };
}

/** Whether mean and median of the targets can be told apart in any output. */
export function areApart(targets: Matrix<Float64Array>, { mean, median = mean }: Constants): boolean {
  return columnsOf(targets).some((column, j) => {
    const sd = Math.sqrt(meanOver(column, (y) => (y - mean[j]) * (y - mean[j])));
    return Math.abs(mean[j] - median[j]) > outcomeThresholds.apart * sd;
  });
}

function frequencies(classes: Matrix<Float64Array>): number[] {
  const counts: number[] = [];
  for (const k of classes.data) counts[k] = (counts[k] ?? 0) + 1;
  return Array.from(counts, (count = 0) => count / classes.rows);
}

/** By golden section: the loss is convex in the constant. */
function leastHuber(column: Float64Array, delta: number): number {
  const at = (c: number) =>
    meanOver(column, (y) => {
      const d = Math.abs(y - c);
      return d <= delta ? 0.5 * d * d : delta * (d - 0.5 * delta);
    });
  let [low, high] = quantiles(column, [0, 1]);
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let k = 0; k < 80; k++) {
    const [left, right] = [high - golden * (high - low), low + golden * (high - low)];
    if (at(left) < at(right)) high = right;
    else low = left;
  }
  return at((low + high) / 2);
}

function columnsOf({ rows, cols, data }: Matrix<Float64Array>): Float64Array[] {
  return Array.from({ length: cols }, (_, j) => Float64Array.from({ length: rows }, (_, p) => data[p * cols + j]));
}

function average(values: ArrayLike<number>): number {
  return meanOver(values, (value) => value);
}

function meanOver(values: ArrayLike<number>, of: (value: number) => number): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += of(values[k]);
  return sum / values.length;
}
