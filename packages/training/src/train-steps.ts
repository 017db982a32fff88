import { type AnyWorker, breather, DomainError } from "@sonde/core";
import type { Architecture } from "@sonde/nets";
import type { TrainingCheckpoint } from "./checkpoint.js";
import { type Crew, localCrew, workerCrew } from "./crew/crew.js";
import type { Perform, TrainingJob } from "./crew/job.js";
import type { TrainingData } from "./data/training-data.js";
import type { TrainingExecutor, TrainingState } from "./executor.js";
import { executorFor } from "./executors.js";
import { checkState, groupsOf, type NetworkRange, slice } from "./groups.js";
import { logSteps } from "./log-steps.js";
import type { Look } from "./look.js";
import { monitorOf } from "./monitors/watch.js";
import type { TrainingPlan } from "./plan.js";
import { planTraining, type RecipeOptions } from "./plan-training.js";

/** How far a run is. */
export interface TrainingProgress {
  /** Steps done, over all networks. */
  readonly done: number;
  readonly most: number;
  /** The losses of networks on their last batches, those of networks that are not finite too. */
  readonly losses: ArrayLike<number>;
}

export interface TrainOptions extends RecipeOptions {
  /** What is learned: see `functionData`, `xorData` and `labelledData`. */
  readonly data: TrainingData;
  /** What is watched in between, of `monitorNames`; at the start and at the end all are. Default `death`. */
  readonly monitors?: readonly string[];
  /** The steps at which networks are looked at, or about how many of them, evenly spaced by their logarithm. Default 16. */
  readonly looks?: number | readonly number[];
  /** The name of an executor. Default: the fastest that can. */
  readonly executor?: string;
  /** The executors to choose from. Default `trainingExecutors`. */
  readonly executors?: readonly TrainingExecutor[];
  /** Worker threads, default 1; used with `createWorker`. The numbers do not depend on them. */
  readonly threads?: number;
  /** Makes a worker whose entry file calls `serveTraining()`; used where the work is worth it. Default: everything on this thread. */
  readonly createWorker?: () => AnyWorker;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: TrainingProgress) => void;
  /** An interrupted run of the same plan that this one goes on from. */
  readonly resume?: TrainingCheckpoint;
  /** Called now and then with a function that takes a checkpoint; `hurry` where there may be no other time, at an interruption or the end. */
  readonly checkpoint?: (take: () => Promise<TrainingCheckpoint>, hurry: boolean) => Promise<void> | void;
}

/** Networks at one step. */
export interface TrainingMoment {
  readonly step: number;
  /** One for each network. */
  readonly looks: readonly Look[];
  readonly plan: TrainingPlan;
  /** The executor that trains. */
  readonly executor: string;
}

/** Elementary steps (of about a tenth of a nanosecond) that make workers worth their start. */
const worthWorkers = 1e10;

/**
 * Trains random networks, and yields how they are at each step at which they are looked at: before the first, at steps evenly spaced by their logarithm, and after the last. Leaving the loop ends the run.
 *
 * An aborted `signal` throws its reason. The numbers are bit-identical for any number of threads, and for a run that was interrupted and resumed.
 *
 * Throws as `planTraining` does, and `ConfigError` for unknown monitors or executors.
 *
 * @example
 * const options = { data: xorData(), runs: 4, steps: 10 };
 * const steps = [];
 * for await (const { step } of trainSteps(mlp("2-8x1-2"), options)) steps.push(step);
 * [steps[0], steps.at(-1)] // [0, 10]
 */
export async function* trainSteps(architecture: Architecture, options: TrainOptions): AsyncGenerator<TrainingMoment, void> {
  const { signal, resume } = options;
  const plan = planTraining(architecture, options.data, options);
  const executor = executorFor(plan, options.executor, options.executors);
  const job = jobOf(plan, executor.name, options);
  const cost = executor.cost(plan);
  const groups = groupsOf(plan, cost).map((range, number): Group => ({ ...range, number, ready: false, step: 0 }));
  const lookedAt = lookSteps(plan, options.looks);
  const crew = openCrew(job, groups.length, plan.runs * plan.steps * cost, options);
  const losses = new Float64Array(plan.runs).fill(Number.NaN);
  const finished: Look[][] = resume ? resume.looks.map((looks) => [...looks]) : [];
  const take = async (): Promise<TrainingCheckpoint> => ({
    groups: await Promise.all(groups.map((group) => crew.members[memberOf(crew, group)]({ ask: "save", group: group.number }))),
    looks: finished,
  });
  const save = async (hurry: boolean) => options.checkpoint?.(take, hurry);
  const breathe = breather();

  const advance = async (perform: Perform, group: Group, to: number): Promise<void> => {
    while (group.step < to) {
      signal?.throwIfAborted();
      const steps = Math.max(1, Math.min(to - group.step, Math.floor(slice / (cost * group.count))));
      losses.set(await perform({ ask: "advance", group: group.number, steps }), group.first);
      group.step += steps;
      const done = groups.reduce((sum, { step, count }) => sum + step * count, 0);
      options.progress?.({ done, most: plan.steps * plan.runs, losses });
      await save(false);
      await breathe();
    }
  };
  const look = async (perform: Perform, group: Group, thorough: boolean, looks: Look[]): Promise<void> => {
    for (let from = 0; from < group.count; from += looksAtOnce) {
      signal?.throwIfAborted();
      const to = Math.min(from + looksAtOnce, group.count);
      const found = await perform({ ask: "look", group: group.number, from, to, thorough });
      found.forEach((one, i) => {
        looks[group.first + from + i] = one;
      });
      await breathe();
    }
  };

  try {
    await forEachGroup(crew, groups, async (perform, group) => {
      signal?.throwIfAborted();
      const saved = resume && savedState(resume, group, executor.name);
      group.step = saved?.step ?? 0;
      await perform({ ask: "prepare", group: group.number, first: group.first, count: group.count, saved });
      group.ready = true;
      await breathe();
    });
    for (const looks of finished) yield { step: looks[0].step, looks, plan, executor: executor.name };
    for (const step of lookedAt.slice(finished.length)) {
      const looks = new Array<Look>(plan.runs);
      await forEachGroup(crew, groups, async (perform, group) => {
        await advance(perform, group, step);
        await look(perform, group, step === 0 || step === plan.steps, looks);
      });
      finished.push(looks);
      yield { step, looks, plan, executor: executor.name };
    }
    await save(true);
  } catch (error) {
    if (signal?.aborted && groups.every(({ ready }) => ready)) await save(true);
    // What ended within a worker says so in its own words.
    signal?.throwIfAborted();
    throw error;
  } finally {
    await crew.close();
  }
}

/** Networks that are trained together, and how far they are. */
interface Group extends NetworkRange {
  readonly number: number;
  /** Whether it has been prepared. */
  ready: boolean;
  step: number;
}

/** Networks looked at without a pause. */
const looksAtOnce = 8;

function memberOf({ members }: Crew, { number }: Group): number {
  return number % members.length;
}

/** The state of a group; throws `ConfigError` where the checkpoint is of another run. */
function savedState({ groups }: TrainingCheckpoint, group: Group, executor: string): TrainingState | undefined {
  const saved = groups.find(({ first }) => first === group.first);
  checkState(saved, executor, group);
  return saved;
}

/** Does something with every group, each member with its own in their order; waits for all of them, then throws the first error. */
async function forEachGroup(
  crew: Crew,
  groups: readonly Group[],
  act: (perform: Perform, group: Group) => Promise<void>,
): Promise<void> {
  const ends = await Promise.allSettled(
    crew.members.map(async (perform, m) => {
      for (const group of groups) if (memberOf(crew, group) === m) await act(perform, group);
    }),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

function jobOf(plan: TrainingPlan, executor: string, { data, monitors = ["death"] }: TrainOptions): TrainingJob {
  for (const name of monitors) monitorOf(name);
  return { plan, data, monitors, executor };
}

function openCrew(job: TrainingJob, groups: number, work: number, options: TrainOptions): Crew {
  const { createWorker, threads = 1, executors, signal } = options;
  if (!createWorker || threads < 2 || groups < 2 || work < worthWorkers) return localCrew(job, { executors, signal });
  return workerCrew(job, Math.min(threads, groups), createWorker, signal);
}

/** The steps to look at, ascending, the first and the last among them. */
function lookSteps({ steps }: TrainingPlan, looks: TrainOptions["looks"] = 16): number[] {
  if (typeof looks === "number") {
    if (!(Number.isInteger(looks) && looks >= 0 && looks <= 1e6))
      throw new DomainError(`networks are looked at 0 to 1000000 times, got ${looks}`);
    return logSteps(steps, looks);
  }
  const wrong = looks.find((step) => !(Number.isInteger(step) && step >= 0 && step <= steps));
  if (wrong !== undefined) throw new DomainError(`networks are looked at at whole steps from 0 to ${steps}, got ${wrong}`);
  return [...new Set([0, ...looks, steps])].sort((a, b) => a - b);
}
