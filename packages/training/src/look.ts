import { NumericalError } from "@sonde/core";
import type { Network } from "@sonde/nets";
import { firstRows } from "./data/rows-of.js";
import type { TrainingData } from "./data/training-data.js";
import { affordable, type Evaluation, evaluator, type OutputsOf } from "./evaluate.js";
import { monitorNames, type Watched, watcher } from "./monitors/watch.js";
import type { Pause } from "./pause.js";
import type { TrainingPlan } from "./plan.js";

/** What is known of one network at one step of its training. */
export interface Look extends Evaluation, Watched {
  readonly step: number;
}

/** Points that monitors see: all, of at most so many, at the start and the end for death; fewer in between and for the others. */
const most = { death: 4096, others: 512, between: 256 } as const;

/** How a look is taken. */
export interface LookOptions {
  /** Whether all monitors look, at more points, or those that were asked for. */
  readonly thorough: boolean;
  readonly outputsOf?: OutputsOf;
  readonly pause?: Pause;
}

/** How a network looks at a step. */
export function looker(
  plan: TrainingPlan,
  data: TrainingData,
  monitors: readonly string[],
): (network: Network, step: number, options: LookOptions) => Promise<Look> {
  const evaluate = evaluator(plan, data);
  const watch = (names: readonly string[], points: number) =>
    watcher(plan, firstRows(plan.inputs, affordable(plan, points)), names);
  const watchDeath = watch(["death"], most.death);
  const watchOthers = watch(
    monitorNames.filter((name) => name !== "death"),
    most.others,
  );
  const watchBetween = watch(monitors, most.between);
  const seen = async (network: Network, { thorough, pause }: LookOptions): Promise<Watched> => {
    if (!thorough) return watchBetween(network);
    const { layers, dead } = watchDeath(network);
    await pause?.();
    return { layers: { ...layers, ...watchOthers(network).layers }, dead };
  };
  return async (network, step, options) => {
    const evaluation = await evaluate(network, options);
    await options.pause?.();
    const watched = evaluation.finite ? await orNothing(() => seen(network, options)) : { layers: {} };
    return { step, ...evaluation, ...watched };
  };
}

/** Nothing where activations overflow inside a network whose outputs on other points did not. */
async function orNothing(see: () => Promise<Watched>): Promise<Watched> {
  try {
    return await see();
  } catch (error) {
    if (error instanceof NumericalError) return { layers: {} };
    throw error;
  }
}
