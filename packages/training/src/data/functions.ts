import { ConfigError, type Matrix, matrix, nearest, quote, ShapeError, split, uniforms } from "@sonde/core";
import { sin } from "@sonde/core/math";
import { trainingStream } from "../streams.js";
import { checkPoints } from "./checks.js";
import type { TrainingData } from "./training-data.js";

interface TargetFunction {
  readonly inputs: number;
  readonly outputs: number;
  /** In a formula. */
  readonly formula: string;
  readonly value: (x: ArrayLike<number>) => readonly number[];
}

/** The target functions of the papers on collapse. */
const functions: Readonly<Record<string, TargetFunction>> = {
  abs: { inputs: 1, outputs: 1, formula: "|x|", value: (x) => [Math.abs(x[0])] },
  "x-sin-5x": { inputs: 1, outputs: 1, formula: "x sin 5x", value: (x) => [x[0] * sin(5 * x[0])] },
  "step-sin": {
    inputs: 1,
    outputs: 1,
    formula: "1[x > 0] + 0.2 sin 5x",
    value: (x) => [(x[0] > 0 ? 1 : 0) + 0.2 * sin(5 * x[0])],
  },
  "abs-2d": {
    inputs: 2,
    outputs: 2,
    formula: "(|x1 + x2|, |x1 - x2|)",
    value: (x) => [Math.abs(x[0] + x[1]), Math.abs(x[0] - x[1])],
  },
};

/** The names that `functionData` knows. */
export const functionNames: readonly string[] = Object.keys(functions);

/** Half the side of the box that points are drawn from: a uniform variate there has variance 1. */
const half = Math.sqrt(3);

/**
 * Examples of a target function: `points` independent uniform points of [-sqrt 3, sqrt 3]^d with its values, and a grid to probe networks on (201 points on a line, 21 x 21 in a square).
 *
 * - `abs`: |x|
 * - `x-sin-5x`: x sin 5x
 * - `step-sin`: 1[x > 0] + 0.2 sin 5x
 * - `abs-2d`: (|x1 + x2|, |x1 - x2|)
 *
 * Throws `ConfigError` for another name, `ShapeError` where the function does not fit the model's inputs or outputs, `DomainError` for a number of points that is not whole or not from 1.
 *
 * @see Lu, Su, Karniadakis, arXiv 1808.04947
 *
 * @example
 * functionData("abs", { points: 100, inputs: 1, outputs: 1, seed: 0 }).probe.rows // 201
 */
export function functionData(
  name: string,
  options: { readonly points?: number; readonly inputs: number; readonly outputs: number; readonly seed?: number },
): TrainingData {
  const { points = 3000, inputs, outputs, seed = 0 } = options;
  const target = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!target) {
    const near = nearest(name, functionNames);
    throw new ConfigError(
      `unknown target function ${quote(name)}: ${near ? `did you mean ${near}?` : `the names are ${functionNames.join(", ")}`}`,
    );
  }
  if (inputs !== target.inputs || outputs !== target.outputs)
    throw new ShapeError(
      `the target ${name} takes ${target.inputs} input${target.inputs > 1 ? "s" : ""} to ${target.outputs} output${target.outputs > 1 ? "s" : ""}, but the model has ${inputs} and ${outputs}: give it ${target.inputs} and ${target.outputs}`,
    );
  checkPoints(points);
  const drawn = uniforms(split(trainingStream(seed), 0), new Float64Array(points * inputs));
  const at = matrix(
    points,
    inputs,
    drawn.map((u) => half * (2 * u - 1)),
  );
  return { name: `${target.formula} at ${points} points`, inputs: at, targets: valuesOf(target, at), probe: probeGrid(inputs) };
}

function valuesOf({ outputs, value }: TargetFunction, at: Matrix<Float64Array>): Matrix<Float64Array> {
  const result = matrix(at.rows, outputs);
  for (let p = 0; p < at.rows; p++) result.data.set(value(at.data.subarray(p * at.cols, (p + 1) * at.cols)), p * outputs);
  return result;
}

/** An even grid of the box, its boundary included. */
function probeGrid(inputs: number): Matrix<Float64Array> {
  const side = inputs === 1 ? 201 : 21;
  const grid = matrix(inputs === 1 ? side : side * side, inputs);
  const place = (index: number) => half * (-1 + (2 * index) / (side - 1));
  for (let p = 0; p < grid.rows; p++) {
    grid.data[p * inputs] = place(p % side);
    if (inputs === 2) grid.data[p * inputs + 1] = place(Math.floor(p / side));
  }
  return grid;
}
