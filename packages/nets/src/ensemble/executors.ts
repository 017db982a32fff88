import { ConfigError } from "@sonde/core";
import { laneExecutor } from "./lanes/executor.js";
import { lawMachine, weightsMachine } from "./lanes/machine.js";
import { lawExecutor } from "./law.js";
import { lawPairExecutor } from "./law-pair.js";
import type { AnyMetric } from "./metric.js";
import { demandsOf, type Observer } from "./observer.js";
import type { EnsemblePlan } from "./plan.js";
import { referenceExecutor } from "./reference.js";
import { simulationExecutor } from "./simulation.js";

/** Walks networks `first` to `first + count - 1` of the plan and shows them to the observer. */
export type Execute = (first: number, count: number, observer: Observer) => void;

/** The executor of a plan for these metrics, with everything prepared that its networks share. */
export function prepareExecutor(plan: EnsemblePlan, metrics: readonly AnyMetric[]): Execute {
  if (demandsOf(metrics).backward) checkGradients(plan);
  switch (plan.executor) {
    case "reference":
      return referenceExecutor(plan, metrics);
    case "kernels":
      return laneExecutor(plan, weightsMachine(plan), demandsOf(metrics));
    case "law":
      return laneExecutor(plan, lawMachine(), demandsOf(metrics));
    case "law-reference":
      return lawExecutor(plan, metrics);
    case "law-pair":
      return lawPairExecutor(plan, metrics);
    case "survivors":
    case "breakpoints":
      return simulationExecutor(plan, plan.executor, metrics);
  }
}

function checkGradients({ gradients, executor }: EnsemblePlan): void {
  if (!gradients) throw new ConfigError("this run carries no gradients: ask planEnsemble for them");
  if (executor !== "kernels" && executor !== "reference")
    throw new ConfigError(`the executor ${executor} carries no gradients: use --method weights`);
}
