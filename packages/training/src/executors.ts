import { ConfigError, quote } from "@sonde/core";
import type { TrainingExecutor } from "./executor.js";
import { kernelExecutor } from "./kernels/executor.js";
import type { TrainingPlan } from "./plan.js";
import { referenceExecutor } from "./reference.js";

/** The executors that are always there. */
export const trainingExecutors: readonly TrainingExecutor[] = [kernelExecutor, referenceExecutor];

/** The executor of that name if it can carry out the plan, or of those that can the one of the least cost. Throws `ConfigError` where it cannot, or none can, with the reason. */
export function executorFor(
  plan: TrainingPlan,
  name: string | undefined,
  executors: readonly TrainingExecutor[] = trainingExecutors,
): TrainingExecutor {
  if (name === undefined) return cheapest(plan, executors);
  const executor = executors.find((one) => one.name === name);
  if (!executor)
    throw new ConfigError(`unknown executor ${quote(name)}: the names are ${executors.map((one) => one.name).join(", ")}`);
  const reason = executor.refusal(plan);
  if (reason !== undefined) throw new ConfigError(`the executor ${name} cannot train this: ${reason}; leave the choice open`);
  return executor;
}

function cheapest(plan: TrainingPlan, executors: readonly TrainingExecutor[]): TrainingExecutor {
  const able = executors.filter((one) => one.refusal(plan) === undefined);
  const costs = able.map((one) => one.cost(plan));
  const executor = able[costs.indexOf(Math.min(...costs))];
  if (executor) return executor;
  throw new ConfigError(`this model is too large to be trained: ${referenceExecutor.refusal(plan)}; make it smaller`);
}
