import { median } from "@sonde/core";
import type { TrainingData } from "./data/training-data.js";
import { type Evaluation, evaluator } from "./evaluate.js";
import type { TrainingExecutor } from "./executor.js";
import { executorFor } from "./executors.js";
import { constantsOf } from "./outcomes/constants.js";
import { outcomeOf } from "./outcomes/outcome-of.js";
import { shallowOf } from "./outcomes/shallow.js";
import { networkOf } from "./parameters.js";
import { pausing } from "./pause.js";
import type { TrainingPlan } from "./plan.js";

/** Shallow networks that are trained for comparison. */
const networks = 8;

/**
 * The norm, before training, of the gradient by the first layer of shallow networks that learn the task by the plan's recipe: the median over those of 8 that do; see `shallowOf`. `undefined` where none does, or there is
 * no shallow network.
 */
export async function shallowGradient(
  plan: TrainingPlan,
  data: TrainingData,
  {
    learned,
    executors,
    signal,
  }: { readonly learned?: number; readonly executors?: readonly TrainingExecutor[]; readonly signal?: AbortSignal },
): Promise<number | undefined> {
  const architecture = shallowOf(plan.architecture);
  if (!architecture) return undefined;
  const own = { ...plan, architecture, runs: networks };
  const executor = executorFor(own, undefined, executors);
  const group = await executor.prepare(own, 0, networks);
  const evaluate = evaluator(own, data);
  const pause = pausing(signal);
  const look = async () => {
    const looks: Evaluation[] = [];
    for (let k = 0; k < networks; k++) looks.push(await evaluate(networkOf(own, group.parameters(k)), { pause }));
    return looks;
  };
  const start = await look();
  const slice = Math.max(1, Math.floor(2e8 / (executor.cost(own) * networks)));
  while (group.step < plan.steps) {
    await group.advance(Math.min(slice, plan.steps - group.step), pause);
    await pause();
  }
  const judgement = { loss: plan.loss, targets: plan.targets, constants: constantsOf(plan, labelsOf(data)), learned };
  const end = await look();
  group.dispose();
  const norms = start.flatMap(({ gradientNorms }, k) =>
    outcomeOf([end[k]], judgement).outcome === "learned" ? [gradientNorms[0]] : [],
  );
  return norms.length > 0 ? median(norms) : undefined;
}

/** The classes of the training points, if they are classes. */
export function labelsOf({ classes, targets }: TrainingData) {
  return classes === undefined ? undefined : targets;
}
