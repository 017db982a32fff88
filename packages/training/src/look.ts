import { NumericalError } from "@sonde/core";
import type { Network } from "@sonde/nets";
import { firstRows } from "./data/rows-of.js";
import type { TrainingData } from "./data/training-data.js";
import { type Evaluation, evaluator, type OutputsOf } from "./evaluate.js";
import { monitorNames, type Watched, watcher } from "./monitors/watch.js";
import type { TrainingPlan } from "./plan.js";

/** What is known of one network at one step of its training. */
export interface Look extends Evaluation, Watched {
  readonly step: number;
}

/** Points that monitors see: all, of at most so many, at the start and the end for death; fewer in between and for the others. */
const most = { death: 4096, others: 512, between: 256 } as const;

/** How a network looks at a step. `thorough` looks use all monitors, others those asked for and fewer points. */
export function looker(
  plan: TrainingPlan,
  data: TrainingData,
  monitors: readonly string[],
): (network: Network, step: number, thorough: boolean, outputsOf?: OutputsOf) => Look {
  const evaluate = evaluator(plan, data);
  const watch = (names: readonly string[], points: number) => watcher(plan, firstRows(plan.inputs, points), names);
  const watchDeath = watch(["death"], most.death);
  const watchOthers = watch(
    monitorNames.filter((name) => name !== "death"),
    most.others,
  );
  const watchBetween = watch(monitors, most.between);
  const seen = (network: Network, thorough: boolean): Watched => {
    if (!thorough) return watchBetween(network);
    const { layers, dead } = watchDeath(network);
    return { layers: { ...layers, ...watchOthers(network).layers }, dead };
  };
  return (network, step, thorough, outputsOf) => {
    const evaluation = evaluate(network, outputsOf);
    return { step, ...evaluation, ...(evaluation.finite ? orNothing(() => seen(network, thorough)) : { layers: {} }) };
  };
}

/** Nothing where activations overflow inside a network whose outputs on other points did not. */
function orNothing(see: () => Watched): Watched {
  try {
    return see();
  } catch (error) {
    if (error instanceof NumericalError) return { layers: {} };
    throw error;
  }
}
