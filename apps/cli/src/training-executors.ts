import { ConfigError } from "@sonde/core";
import { kernelExecutor, referenceExecutor, type TrainingExecutor, type TrainingPlan, trainingExecutors } from "@sonde/training";

/** What `--executor` may be. */
export const executorNames = ["kernels", "tfjs", "reference"] as const;

/**
 * The executors to choose from for a plan: TensorFlow.js is loaded where it is asked for, or where it is installed and would be the fastest.
 *
 * Throws `ConfigError` where it is asked for and not installed.
 */
export async function executorsFor(plan: TrainingPlan, asked?: string): Promise<readonly TrainingExecutor[]> {
  if (asked !== undefined) return executorsNamed(asked);
  if (kernelExecutor.refusal(plan) === undefined) return trainingExecutors;
  const { tfjsCost } = await import("@sonde/training/tfjs");
  if (tfjsCost(plan) > referenceExecutor.cost(plan)) return trainingExecutors;
  try {
    return await executorsNamed("tfjs");
  } catch (error) {
    if (error instanceof ConfigError) return trainingExecutors;
    throw error;
  }
}

/** Executors among which is the one of that name. */
export async function executorsNamed(name: string): Promise<readonly TrainingExecutor[]> {
  if (name !== "tfjs") return trainingExecutors;
  const { useBackend } = await import("@sonde/core/tfjs");
  const { loadGradients, tfjsExecutor } = await import("@sonde/training/tfjs");
  const tf = await useBackend();
  await loadGradients(tf);
  return [...trainingExecutors, tfjsExecutor(tf)];
}
