import type { SweepPlan } from "../plan/plan.js";
import type { CellRun } from "../run/run-cells.js";
import { storeState } from "../store/state.js";
import { type CellJob, connect, queueName, queuePackages } from "./connect.js";

export interface QueueCellsOptions {
  /** `redis://`, `rediss://` or the path of a socket. */
  readonly url: string;
  readonly store: string;
  readonly retryFailed?: boolean;
  /** Failures after which the queue is emptied, default 20. */
  readonly maxFailures?: number;
  /** Ends the watching; what is queued is left to the workers. */
  readonly signal: AbortSignal;
  readonly progress?: (seen: {
    readonly cells: number;
    readonly kept: number;
    readonly done: number;
    readonly failed: number;
    readonly share: number;
  }) => void;
  /** Told why Redis is not there, again and again while it is not. */
  readonly refused?: (reason: string) => void;
}

/** Jobs that are added at once. */
const atOnce = 500;

/** Milliseconds between two looks at the store. */
const look = 500;

/**
 * Hands the cells of a plan that the store lacks to workers (`workQueue`), dearest first, and watches the store until they are all there. The store alone says what is done: where the queue runs dry before that, after
 * a crash of Redis, what is missing is queued again.
 *
 * Throws `ConfigError` where Redis cannot be reached.
 */
export async function queueCells(plan: SweepPlan, options: QueueCellsOptions): Promise<CellRun> {
  const { url, store, signal, maxFailures = 20, retryFailed = false } = options;
  const packages = await queuePackages();
  const { redis, close } = await connect(packages, url, options.refused);
  const queue = new packages.bullmq.Queue<CellJob>(queueName(plan.hash), { connection: redis });
  queue.on("error", () => {});
  try {
    const { ids, costs } = plan;
    const state = storeState(store);
    state.refresh();
    const before = new Set(state.failures.keys());
    const kept = state.done.size;
    /** Failures that are not tried again. */
    const failed = () => [...state.failures.keys()].filter((id) => !retryFailed || !before.has(id) || tried.has(id));
    const tried = new Set<string>();
    const order = [...plan.order];
    const total = order.reduce((sum, cell) => sum + (state.done.has(ids[cell]) ? 0 : costs[cell]), 0);
    const missing = () => {
      const left = new Set(failed());
      return order.filter((cell) => !state.done.has(ids[cell]) && !left.has(ids[cell]));
    };
    let failures = new Map(state.failures);
    let news = 0;
    for (;;) {
      state.refresh();
      for (const [id, failure] of state.failures) {
        if (failures.get(id) === failure) continue;
        tried.add(id);
        news++;
      }
      failures = new Map(state.failures);
      const left = missing();
      const spent = total - left.reduce((sum, cell) => sum + costs[cell], 0);
      options.progress?.({ cells: ids.length, kept, done: state.done.size, failed: news, share: total > 0 ? spent / total : 1 });
      const stopped = news >= maxFailures;
      if (left.length === 0 || stopped || signal.aborted) {
        if (stopped) await queue.drain();
        const ended = signal.aborted ? ("signal" as const) : stopped ? ("failures" as const) : undefined;
        return { cells: ids.length, kept, done: state.done.size, failed: state.failures.size, own: 0, ended };
      }
      if ((await queue.getJobCountByTypes("waiting", "active", "delayed")) === 0) {
        // A worker may have finished between the look at the store and the look at the queue.
        state.refresh();
        const jobs = missing().map((cell) => jobOf(cell, ids[cell]));
        for (let first = 0; first < jobs.length && !signal.aborted; first += atOnce)
          await queue.addBulk(jobs.slice(first, first + atOnce));
      }
      await new Promise<void>((resolve) => {
        const end = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
          resolve();
        };
        const timer = setTimeout(end, look);
        signal.addEventListener("abort", end);
      });
    }
  } finally {
    await Promise.race([queue.close(), new Promise((resolve) => setTimeout(resolve, 1000).unref())]);
    close();
  }
}

/** Once under its name, and forgotten when it is done: the store remembers. */
function jobOf(cell: number, id: string) {
  const forgotten = { removeOnComplete: true, removeOnFail: true };
  return {
    name: "cell",
    data: { cell, id },
    opts: { jobId: `cell-${id}`, attempts: 3, backoff: { type: "fixed", delay: 500 }, ...forgotten },
  };
}
