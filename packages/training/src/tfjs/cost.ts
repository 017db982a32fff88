import { parameterCount } from "@sonde/nets";
import { multiplications } from "../multiplications.js";
import type { TrainingPlan } from "../plan.js";

/** The cost of a step on TensorFlow.js as `TrainingExecutor` counts it, about that of its backend wasm: for choosing before anything is loaded. */
export function tfjsCost({ architecture, batch }: Pick<TrainingPlan, "architecture" | "batch">): number {
  const { dense, conv } = multiplications(architecture);
  return 2e7 * architecture.layers.length + 20 * batch * (dense + conv) + 800 * parameterCount(architecture);
}
