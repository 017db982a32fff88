import { ConfigError, type Matrix, permutation, ShapeError, split } from "@sonde/core";
import { trainingStream } from "../streams.js";
import { rowsOf } from "./rows-of.js";
import type { TrainingData } from "./training-data.js";

/** Points with labels, as readers of data sets give them. */
export interface LabelledPoints {
  readonly name: string;
  /** `[points, inputs]` */
  readonly points: Matrix<Float64Array>;
  /** One for each point: classes, or values to be reached. */
  readonly labels?: Float64Array;
}

/** The most points that outputs are probed at. */
const mostProbed = 512;

/**
 * Points with labels as training data: in random order, the first `test` of them (a share, default 0.2, rounded down) kept apart.
 *
 * With `kind: "classes"` (default) labels are whole numbers from 0 on, and the classes those up to the largest; with `"values"` they are numbers to be reached.
 *
 * Throws `ConfigError` where there are no labels or they are no classes, `ShapeError` where their number differs from the points'.
 *
 * @example
 * const points = matrixFromRows([[0], [1], [2], [3], [4]]);
 * labelledData({ name: "mine", points, labels: Float64Array.of(0, 0, 1, 1, 1) }).test?.inputs.rows // 1
 */
export function labelledData(
  { name, points, labels }: LabelledPoints,
  {
    kind = "classes",
    test = 0.2,
    seed = 0,
  }: { readonly kind?: "classes" | "values"; readonly test?: number; readonly seed?: number } = {},
): TrainingData {
  if (!labels) throw new ConfigError(`${name} has no labels to learn: take a data set with a label in each row`);
  if (labels.length !== points.rows) throw new ShapeError(`${name} has ${points.rows} points, but ${labels.length} labels`);
  if (!(test >= 0 && test < 1)) throw new ConfigError(`the share of points kept for the test is from 0 to below 1, got ${test}`);
  const order = permutation(split(trainingStream(seed), 1), points.rows);
  const apart = Math.floor(test * points.rows);
  const examples = (rows: Uint32Array) => ({
    inputs: rowsOf(points, rows),
    targets: rowsOf({ rows: points.rows, cols: 1, data: labels }, rows),
  });
  const training = examples(order.subarray(apart));
  return {
    name: apart === 0 ? name : `${training.inputs.rows} points of ${name}, ${apart} more to test`,
    ...training,
    ...(kind === "classes" && { classes: countClasses(name, labels) }),
    ...(apart > 0 && { test: examples(order.subarray(0, apart)) }),
    probe: rowsOf(
      training.inputs,
      Array.from({ length: Math.min(mostProbed, training.inputs.rows) }, (_, i) => i),
    ),
  };
}

function countClasses(name: string, labels: Float64Array): number {
  const wrong = labels.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < 1e6));
  if (wrong >= 0)
    throw new ConfigError(
      `the labels of ${name} are no classes: label ${wrong + 1} is ${labels[wrong]}, expected whole numbers from 0; for values to be reached name the column as the target`,
    );
  return labels.reduce((most, label) => Math.max(most, label), 0) + 1;
}
