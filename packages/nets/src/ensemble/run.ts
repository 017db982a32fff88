import { type AnyWorker, breather, runTasks, serveTasks } from "@sonde/core";
import { metricContexts, planMetrics, prepareChunks, type States } from "./chunk.js";
import { threadsFor } from "./memory.js";
import type { AnyMetric } from "./metric.js";
import { chunkCount, type EnsemblePlan } from "./plan.js";

export interface EnsembleOptions {
  /** The metrics that the plan names. */
  readonly metrics: readonly AnyMetric[];
  /** Worker threads at most, default 1: fewer run where `limits.bytesOfThreads` says so. The numbers do not depend on it. */
  readonly threads?: number;
  /** Makes a worker whose entry file calls `serveWorker(metrics)`; used where the work is worth it. Without it everything runs on this thread. */
  readonly createWorker?: () => AnyWorker;
  readonly signal?: AbortSignal;
  /** An earlier run of the same plan, perhaps of fewer networks, that this one goes on from. */
  readonly resume?: Pick<EnsembleRun, "states" | "networks">;
  /** Called after every chunk; the run ends when it returns true. Decided on the prefix of chunks, so threads do not matter. */
  readonly stop?: (states: States, networks: number) => boolean;
  readonly progress?: (networks: number, most: number) => void;
}

export interface EnsembleRun {
  /** One state per metric of the plan, in its order. */
  readonly states: States;
  readonly networks: number;
  /** Whether the signal ended the run before it was complete. */
  readonly interrupted: boolean;
}

/**
 * Draws the networks of a plan and reduces them by its metrics; all metrics share one pass. The states are bit-identical for any number of threads.
 *
 * When `signal` aborts, what is finished is returned, marked `interrupted`; with nothing finished the signal's reason is thrown.
 */
export async function runEnsemble(plan: EnsemblePlan, options: EnsembleOptions): Promise<EnsembleRun> {
  let last: EnsembleRun | undefined;
  try {
    for await (last of growEnsemble(plan, options));
  } catch (error) {
    if (!last || !options.signal?.aborted || error !== options.signal.reason) throw error;
    return { ...last, interrupted: true };
  }
  return last ?? { states: [], networks: 0, interrupted: false };
}

/**
 * The same run as a generator: what is known after every chunk. The states are the same objects each time, grown; leaving the loop ends the run, and an aborted `signal` throws its reason.
 */
export async function* growEnsemble(plan: EnsemblePlan, options: EnsembleOptions): AsyncGenerator<EnsembleRun, void> {
  const metrics = await planMetrics(plan, options.metrics);
  const contexts = metricContexts(plan);
  const states: States = metrics.map((metric, m) => metric.empty(contexts[m]));
  const { resume } = options;
  let networks = resume?.networks ?? 0;
  if (resume) {
    for (let m = 0; m < metrics.length; m++) metrics[m].merge(states[m], resume.states[m]);
    yield { states, networks, interrupted: false };
    if (options.stop?.(states, networks)) return;
  }
  for await (const next of chunkStates({ ...plan, first: networks }, metrics, options)) {
    for (let m = 0; m < metrics.length; m++) metrics[m].merge(states[m], next[m]);
    networks = Math.min(networks + plan.chunk, plan.networks);
    options.progress?.(networks, plan.networks);
    yield { states, networks, interrupted: false };
    if (options.stop?.(states, networks)) return;
  }
}

/** Elementary steps that take longer than workers need to start: below it everything runs on this thread. */
export const worthWorkers = 2e9;

/** The states of chunks 0, 1, 2, ... in that order. */
async function* chunkStates(plan: EnsemblePlan, metrics: readonly AnyMetric[], options: EnsembleOptions): AsyncGenerator<States> {
  const { createWorker, threads = 1, signal } = options;
  if (createWorker && plan.work > worthWorkers) {
    yield* runTasks<States>({ tasks: chunkCount(plan), job: plan, threads: threadsFor(plan, threads), createWorker, signal });
    return;
  }
  const compute = prepareChunks(plan, metrics);
  const breathe = breather();
  for (let chunk = 0; chunk < chunkCount(plan); chunk++) {
    signal?.throwIfAborted();
    yield compute(chunk);
    const rest = breathe();
    if (rest) await rest;
  }
}

/** Makes this thread a worker of `runEnsemble` that knows the given metrics: the whole of a worker's entry file. */
export function serveWorker(metrics: readonly AnyMetric[]): void {
  serveTasks<EnsemblePlan, States>(async (plan) => prepareChunks(plan, await planMetrics(plan, metrics)));
}
