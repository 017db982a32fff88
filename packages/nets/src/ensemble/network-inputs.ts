import { type Matrix, matrix, normals, type Stream, split, stream } from "@sonde/core";
import { outputSize } from "../shapes.js";
import { inputStream, inputsOf } from "./fresh.js";
import type { EnsemblePlan } from "./plan.js";

/** What goes into one network. */
export interface NetworkInputs {
  readonly inputs: Matrix<Float64Array>;
  /** Absent where the plan carries no tangents. */
  readonly directions?: Matrix<Float64Array>;
}

type InputsPlan = Pick<EnsemblePlan, "architecture" | "inputs" | "fresh" | "tangents" | "seed">;

/** The inputs and directions of network `k`: the plan's own, or drawn from streams of the network's own. */
export function networkInputs(plan: InputsPlan, k: number): NetworkInputs {
  return { inputs: inputsOf(plan, k), directions: directionsOf(plan, k) };
}

/** The directions of network `k`: the plan's own, or drawn from a stream of the network's own into `out`, which is new by default; absent where the plan carries no tangents. */
export function directionsOf(
  { inputs: { rows, cols }, tangents, seed }: InputsPlan,
  k: number,
  out?: Float64Array,
): Matrix<Float64Array> | undefined {
  if (!tangents) return undefined;
  if (tangents.directions) return tangents.directions;
  return matrix(rows, cols, normals(split(split(inputStream(seed), k), 1), out ?? new Float64Array(rows * cols)));
}

/** The stream that network k of a seed draws the errors at its outputs from. */
export function errorStream(seed: number): Stream {
  return split(stream(seed), 3);
}

/** The errors at the outputs of network `k`, `[points, outputs]`: the plan's own, or standard normal. */
export function networkErrors(
  { architecture, inputs, gradients, seed }: Pick<EnsemblePlan, "architecture" | "inputs" | "gradients" | "seed">,
  k: number,
): Matrix<Float64Array> {
  if (gradients?.errors) return gradients.errors;
  const outputs = outputSize(architecture);
  const draws = normals(split(errorStream(seed), k), new Float64Array(inputs.rows * outputs));
  return matrix(inputs.rows, outputs, draws);
}
