import { SondeError } from "../errors.js";
import { type AnyWorker, type Endpoint, workerEndpoint } from "./endpoint.js";
import type { Failure, Reply, Request } from "./protocol.js";

export interface TaskRun {
  /** How many tasks there are at most; they are numbered from 0. */
  readonly tasks: number;
  /** Told to every worker once, before its first task. Must survive structured cloning. */
  readonly job: unknown;
  readonly threads: number;
  readonly createWorker: () => AnyWorker;
  /** Ends the run: the generator throws the signal's reason and all workers are gone. */
  readonly signal?: AbortSignal;
}

/**
 * The results of tasks 0, 1, 2, ... in that order, computed on workers. The order in which results arrive never shows, so what is made from them is the same for any
 * number of threads. Leaving the loop early ends the workers.
 *
 * A worker that fails or dies fails the run with its reason; no worker outlives the generator.
 */
export async function* runTasks<Result>(run: TaskRun): AsyncGenerator<Result, void> {
  run.signal?.throwIfAborted();
  const results = new Map<number, Result>();
  let failure: { error: unknown } | undefined;
  let wake = () => {};
  let assigned = 0;
  let wanted = 0;

  const fail = (error: unknown) => {
    failure ??= { error };
    wake();
  };
  // Workers may run ahead of the reader by this many tasks; more would waste work when the reader stops early.
  const ahead = 2 * run.threads;
  const held = new Map<Endpoint, number>();
  const assign = () => {
    while (assigned < Math.min(run.tasks, wanted + ahead)) {
      const [endpoint, tasks] = [...held].reduce((least, next) => (next[1] < least[1] ? next : least));
      // While many are left each worker has one more at hand, for when this thread is busy; in the end nobody waits for a task that another holds.
      if (tasks >= (run.tasks - assigned > ahead ? 2 : 1)) return;
      held.set(endpoint, tasks + 1);
      endpoint.send({ task: assigned++ } satisfies Request);
    }
  };
  const onAbort = () => fail(run.signal?.reason);
  run.signal?.addEventListener("abort", onAbort, { once: true });

  try {
    for (let i = 0; i < Math.min(run.threads, run.tasks); i++) {
      const endpoint = workerEndpoint(run.createWorker());
      held.set(endpoint, 0);
      endpoint.listen(
        (message) => {
          const reply = message as Reply<Result>;
          if ("failure" in reply) return fail(errorOf(reply.failure));
          results.set(reply.task, reply.result);
          held.set(endpoint, (held.get(endpoint) ?? 1) - 1);
          assign();
          wake();
        },
        (reason) => fail(new Error(`a worker stopped: ${reason}`)),
      );
      endpoint.send({ job: run.job } satisfies Request);
    }
    for (wanted = 0; wanted < run.tasks; wanted++) {
      assign();
      while (!results.has(wanted) && !failure) await new Promise<void>((resolve) => (wake = resolve));
      if (failure) throw failure.error;
      const result = results.get(wanted) as Result;
      results.delete(wanted);
      yield result;
    }
  } finally {
    run.signal?.removeEventListener("abort", onAbort);
    await Promise.all([...held.keys()].map((endpoint) => endpoint.close()));
  }
}

/** The error that a worker reported, with its name, so that callers can still tell a user's mistake from a defect. */
function errorOf(failure: Failure): Error {
  const error = failure.expected ? new SondeError(failure.message) : new Error(failure.message);
  Object.defineProperty(error, "name", { value: failure.name });
  if (failure.stack) error.stack = failure.stack;
  return error;
}
