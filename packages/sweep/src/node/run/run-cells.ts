import type { Worker } from "node:worker_threads";
import { type Shard, shardOf } from "../../shard.js";
import type { SweepPlan } from "../plan/plan.js";
import { storeState } from "../store/state.js";
import { openWriter } from "../store/writer.js";
import { type CellOutcome, type CellThread, cellThread } from "./cell-thread.js";
import { chooseCells } from "./choose-cells.js";

export interface RunCellsOptions {
  /** The folder of a store that `openStore` opened for the plan. */
  readonly store: string;
  /** Default: all of the plan. */
  readonly shard?: Shard;
  /** Threads that compute, at least 1. */
  readonly threads: number;
  /** Makes a thread whose entry file calls `serveCells`. */
  readonly createWorker: () => Worker;
  /** What the thread is told of a cell. */
  readonly task: (cell: number) => unknown;
  /** What repeats a cell, for people. */
  readonly command: (cell: number) => string;
  /** Try cells once more that failed before; default: leave them. */
  readonly retryFailed?: boolean;
  /** Failures after which the run ends, default 20. */
  readonly maxFailures?: number;
  /** Ends the run; what is finished is kept. */
  readonly signal: AbortSignal;
  /** Called after every cell and about every second. */
  readonly progress?: (seen: CellProgress) => void;
}

/** How far a run is. */
export interface CellProgress {
  /** Cells of this shard. */
  readonly cells: number;
  /** Of these, done before this run. */
  readonly kept: number;
  /** Of these, done by now, by anybody. */
  readonly done: number;
  /** Of these, failed and not done. */
  readonly failed: number;
  /** Share of the predicted cost of what was to do that is done, 0 to 1. */
  readonly share: number;
  /** What is told of the cell that was finished last. */
  readonly glance?: string;
}

/** What came of a run. */
export interface CellRun extends Omit<CellProgress, "share" | "glance"> {
  /** Cells that this process did. */
  readonly own: number;
  /** Why it ended before all was done. */
  readonly ended?: "signal" | "failures";
}

/** Milliseconds between two looks at what others do. */
const look = 250;

/** Cells that are taken on at once at most: about a second of work. */
const mostAtOnce = 1024;

/**
 * Does the cells of a plan that a store lacks, in threads of this process; other processes may do the same at the same time, on this machine or on others. Each finished cell is in the store at once.
 *
 * Throws `StoreError` where the store cannot be written any more.
 */
export async function runCells(plan: SweepPlan, options: RunCellsOptions): Promise<CellRun> {
  const { store, shard = { index: 1, of: 1 }, signal, maxFailures = 20 } = options;
  const { ids, costs } = plan;
  const mine = shardOf(plan.order, shard);
  const state = storeState(store);
  state.refresh();
  const kept = mine.filter((cell) => state.done.has(ids[cell])).length;
  const again = new Set(options.retryFailed ? state.failures.keys() : []);
  const toDo = mine.filter((cell) => !state.done.has(ids[cell]) && (!state.failures.has(ids[cell]) || again.has(ids[cell])));
  const writer = openWriter(store);
  let longest = 0;
  const choice = chooseCells(toDo, plan, { state, writer, again, longest: () => longest });
  const total = toDo.reduce((sum, cell) => sum + costs[cell], 0);
  const known: { done: number; spent: number; failed: number; own: number; glance?: string } = {
    done: kept,
    spent: 0,
    failed: 0,
    own: 0,
  };
  let stopping = false;
  let surveyed = performance.now();
  /** What everybody has done by now: looked at every second, and between that counted on. */
  const tell = () => {
    if (performance.now() - surveyed > 1000) {
      state.refresh();
      known.done = kept;
      known.spent = 0;
      for (const cell of toDo) {
        if (state.done.has(ids[cell])) known.done++;
        else if (!state.failures.has(ids[cell])) continue;
        known.spent += costs[cell];
      }
      surveyed = performance.now();
    }
    const { done, failed, spent, glance } = known;
    options.progress?.({ cells: mine.length, kept, done, failed, share: total > 0 ? spent / total : 1, glance });
  };
  const keep = (cell: number, outcome: CellOutcome) => {
    known.spent += costs[cell];
    if ("failure" in outcome) {
      known.failed++;
      writer.write("failures", ids[cell], JSON.stringify({ message: outcome.failure, command: options.command(cell) }));
      if (known.failed >= maxFailures) stopping = true;
    } else {
      known.done++;
      known.own++;
      known.glance = outcome.glance;
      writer.write("records", ids[cell], outcome.fields);
    }
    tell();
  };

  const queue: number[] = [];
  let most = 1;
  let asked = performance.now();
  const next = (): number | undefined => {
    if (queue.length === 0) {
      const now = performance.now();
      if (now - asked < 500) most = Math.min(2 * most, mostAtOnce);
      else if (now - asked > 2000) most = Math.max(1, most >> 1);
      asked = now;
      queue.push(...choice.take(most));
    }
    return queue.shift();
  };

  const threads = new Set<CellThread>();
  const endAll = () => Promise.all([...threads].map((thread) => thread.end()));
  /** Computes a cell; `undefined` where the run was ended, or where somebody else has done it by now. */
  const compute = async (thread: CellThread, cell: number): Promise<CellOutcome | undefined> => {
    if (!choice.repeated(cell)) return thread.compute(options.task(cell));
    const watch = setInterval(() => {
      state.refresh();
      if (state.done.has(ids[cell])) void thread.end();
    }, look);
    try {
      return await thread.compute(options.task(cell));
    } finally {
      clearInterval(watch);
    }
  };
  /** One thread after the other computes one cell after the other, until there are none. */
  const work = async () => {
    let thread: CellThread | undefined;
    while (!signal.aborted && !stopping) {
      const cell = next();
      if (cell === undefined) {
        if (!choice.waiting()) break;
        tell();
        await pause(look, signal);
        continue;
      }
      if (!thread?.alive()) {
        if (thread) threads.delete(thread);
        thread = cellThread(options.createWorker);
        threads.add(thread);
      }
      const begun = performance.now();
      const outcome = await compute(thread, cell);
      if (outcome === undefined) continue;
      longest = Math.max(longest, performance.now() - begun);
      keep(cell, outcome);
    }
    await thread?.end();
  };

  const onAbort = () => void endAll();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.all(Array.from({ length: Math.max(1, Math.min(options.threads, toDo.length)) }, work));
  } finally {
    signal.removeEventListener("abort", onAbort);
    // Where the store refused a record the others are to end too.
    stopping = true;
    await endAll();
    writer.close();
  }
  state.refresh();
  const ended = signal.aborted ? "signal" : known.failed >= maxFailures ? "failures" : undefined;
  const count = (cells: { has(id: string): boolean }) => mine.reduce((sum, cell) => sum + (cells.has(ids[cell]) ? 1 : 0), 0);
  return { cells: mine.length, kept, done: count(state.done), failed: count(state.failures), own: known.own, ended };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}
