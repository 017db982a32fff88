import { type Matrix, matrix, normals, split } from "@sonde/core";
import { inputStream, inputsOf } from "./fresh.js";
import type { EnsemblePlan } from "./plan.js";

/** What goes into one network. */
export interface NetworkInputs {
  readonly inputs: Matrix<Float64Array>;
  /** Absent where the plan carries no tangents. */
  readonly directions?: Matrix<Float64Array>;
}

/** The inputs and directions of network `k`: the plan's own, or drawn from streams of the network's own. */
export function networkInputs(
  plan: Pick<EnsemblePlan, "architecture" | "inputs" | "fresh" | "tangents" | "seed">,
  k: number,
): NetworkInputs {
  const { tangents, seed } = plan;
  const { rows, cols } = plan.inputs;
  const drawn = () => matrix(rows, cols, normals(split(split(inputStream(seed), k), 1), new Float64Array(rows * cols)));
  return { inputs: inputsOf(plan, k), directions: tangents && (tangents.directions ?? drawn()) };
}
