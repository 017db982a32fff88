import { ConfigError, quote } from "@sonde/core";
import type { TrainingExecutor } from "./executor.js";
import { kernelExecutor } from "./kernels/executor.js";
import type { TrainingPlan } from "./plan.js";
import { referenceExecutor } from "./reference.js";

/** The executors that are always there, the fastest first. */
export const trainingExecutors: readonly TrainingExecutor[] = [kernelExecutor, referenceExecutor];

/** The executor of that name if it can carry out the plan, or the first that can. Throws `ConfigError` where it cannot, with its reason. */
export function executorFor(
  plan: TrainingPlan,
  name: string | undefined,
  executors: readonly TrainingExecutor[] = trainingExecutors,
): TrainingExecutor {
  if (name === undefined) return executors.find((one) => one.refusal(plan) === undefined) ?? referenceExecutor;
  const executor = executors.find((one) => one.name === name);
  if (!executor)
    throw new ConfigError(`unknown executor ${quote(name)}: the names are ${executors.map((one) => one.name).join(", ")}`);
  const reason = executor.refusal(plan);
  if (reason !== undefined) throw new ConfigError(`the executor ${name} cannot train this: ${reason}; leave the choice open`);
  return executor;
}
