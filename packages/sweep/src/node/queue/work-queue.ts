import type { Worker as Thread } from "node:worker_threads";
import type { SweepPlan } from "../plan/plan.js";
import { type CellThread, cellThread } from "../run/cell-thread.js";
import { storeState } from "../store/state.js";
import { openWriter } from "../store/writer.js";
import { type CellJob, connect, queueName, queuePackages } from "./connect.js";

export interface WorkQueueOptions {
  readonly url: string;
  readonly store: string;
  /** Cells that are computed at the same time, each in a thread of its own so that locks are renewed meanwhile. */
  readonly threads: number;
  /** Makes a thread whose entry file calls `serveCells`. */
  readonly createWorker: () => Thread;
  readonly task: (cell: number) => unknown;
  readonly command: (cell: number) => string;
  /** Milliseconds without a sign of life after which a cell goes to another worker, default 30,000. */
  readonly lock?: number;
  /** Ends the work: cells in hand go back to the queue at once. */
  readonly signal: AbortSignal;
  /** Called after every cell. */
  readonly finished?: (done: number, glance?: string) => void;
  readonly refused?: (reason: string) => void;
}

/** Workers that may die over a cell before it counts as failed. */
const mostDeaths = 5;

/**
 * Does the cells that `queueCells` hands out until it is told to stop, and returns how many it did. A cell whose record is there already is acknowledged and not done again: its acknowledgement was lost, or its lock.
 *
 * Throws `ConfigError` where Redis cannot be reached at the beginning, and `StoreError` where the store cannot be written any more; Redis may go away and come back meanwhile.
 */
export async function workQueue(plan: SweepPlan, options: WorkQueueOptions): Promise<number> {
  const { url, store, threads, signal, lock = 30_000 } = options;
  const packages = await queuePackages();
  const { redis, close } = await connect(packages, url, options.refused);
  const { WaitingError, Worker } = packages.bullmq;
  const state = storeState(store);
  const writer = openWriter(store);
  const idle: CellThread[] = [];
  const busy = new Set<CellThread>();
  let own = 0;
  let broken: unknown;
  let stop = () => {};
  const ended = new Promise<void>((resolve) => (stop = resolve));
  const worker = new Worker<CellJob>(
    queueName(plan.hash),
    async (job, token) => {
      const { cell, id } = job.data;
      if (plan.ids[cell] !== id) throw new Error("the cell is of another plan");
      state.refresh();
      if (state.done.has(id)) return;
      if (job.stalledCounter >= mostDeaths) return fail(id, cell, `${job.stalledCounter} workers ended while they computed it`);
      const thread = idle.pop() ?? cellThread(options.createWorker);
      busy.add(thread);
      const outcome = await thread.compute(options.task(cell));
      busy.delete(thread);
      if (thread.alive()) idle.push(thread);
      if (outcome === undefined) {
        await job.moveToWait(token);
        throw new WaitingError();
      }
      // First the record, then the acknowledgement: what happens between them repeats the cell and never loses it.
      if ("failure" in outcome) return fail(id, cell, outcome.failure);
      keep("records", id, outcome.fields);
      options.finished?.(++own, outcome.glance);
    },
    { connection: redis, concurrency: threads, lockDuration: lock, stalledInterval: lock / 2, maxStalledCount: 1e6 },
  );
  const keep = (folder: "records" | "failures", id: string, fields: string) => {
    try {
      writer.write(folder, id, fields);
    } catch (error) {
      broken ??= error;
      stop();
      throw error;
    }
  };
  const fail = (id: string, cell: number, message: string) =>
    keep("failures", id, JSON.stringify({ message, command: options.command(cell) }));
  worker.on("error", () => {});
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    await ended;
  } finally {
    await Promise.all([...busy, ...idle].map((thread) => thread.end()));
    // Redis may be gone.
    await Promise.race([worker.close(), new Promise((resolve) => setTimeout(resolve, 500).unref())]);
    writer.close();
    close();
  }
  if (broken !== undefined) throw broken;
  return own;
}
