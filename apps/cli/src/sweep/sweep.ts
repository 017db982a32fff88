import { SondeError } from "@sonde/core";
import { parseShard, type Shard, shardOf } from "@sonde/sweep";
import {
  clearStore,
  openStore,
  planSweep,
  readPlanFile,
  runCells,
  type SweepPlan,
  samePlan,
  storeState,
} from "@sonde/sweep/node";
import { thread } from "../entry-files.js";
import { exitCodes } from "../exit-codes.js";
import { interruption } from "../interruption.js";
import { startProgress } from "../progress.js";
import { thousands } from "../render/numbers.js";
import { type CommandExpansion, expansionOf } from "./expansion.js";
import { commandText, failureLines } from "./failures.js";
import type { SweepOptions } from "./options.js";
import { requestOf } from "./request.js";

/** The store where `--store` is not given. */
export const usualStore = "sonde-sweep";

/** A sweep that is planned. */
export interface Planned {
  readonly store: string;
  readonly plan: SweepPlan;
  readonly expansion: CommandExpansion;
}

/** `sonde sweep`. */
export async function sweep(words: readonly string[], options: SweepOptions): Promise<number> {
  const store = options.store ?? usualStore;
  const shard = options.shard === undefined ? { index: 1, of: 1 } : parseShard(options.shard);
  const request = requestOf(words, options.grid, store);
  const expansion = expansionOf(request);
  const plan = planSweep(request, expansion);
  if (options.dryRun) return (await import("./dry-run.js")).dryRun({ store, plan, expansion }, shard, options);
  if (options.fresh) clearStore(store);
  const planned = { store, plan: openStore(store, plan), expansion };
  if (options.emit) return (await import("./emit.js")).emit(planned, options);
  if (options.queue !== undefined) return (await import("./queue.js")).queue(planned, options);
  return runHere(planned, shard, options);
}

async function runHere({ store, plan, expansion }: Planned, shard: Shard, options: SweepOptions): Promise<number> {
  const { quiet = false } = options;
  const interrupts = interruption();
  const progress = startProgress(quiet);
  if (!quiet) process.stderr.write(`sonde: ${beginning(store, plan, shard)}\n`);
  try {
    const run = await runCells(plan, {
      store,
      shard,
      threads: options.threads,
      createWorker: () => thread("sweep-worker"),
      task: (cell) => expansion.args(plan.point(cell)),
      command: (cell) => commandText(expansion.args(plan.point(cell))),
      retryFailed: options.retryFailed,
      maxFailures: options.maxFailures,
      signal: interrupts.signal,
      progress: ({ cells, kept, done, failed, share, glance }) =>
        progress.show(share, () => {
          const parts = [
            `${thousands(done)} of ${thousands(cells)} cells`,
            kept > 0 && `${thousands(kept)} kept`,
            failed > 0 && `${thousands(failed)} failed`,
            glance,
          ];
          return parts.filter(Boolean).join(", ");
        }),
    });
    progress.end();
    const { cells, kept, own, done, failed, ended } = run;
    if (options.json)
      process.stdout.write(`${JSON.stringify({ store, plan: plan.hash, cells, kept, own, done, failed, ended })}\n`);
    else process.stdout.write(`${endingText({ store, cells, done, failed, own, ended })}\n`);
    if (failed > 0 && !quiet) process.stderr.write(failureLines(store, failed));
    if (ended === "signal") return exitCodes.interrupted;
    return failed > 0 || done < cells ? exitCodes.failed : exitCodes.done;
  } finally {
    progress.end();
    interrupts.end();
  }
}

/** What is there and what is left, before anything is done. */
function beginning(store: string, plan: SweepPlan, shard: Shard): string {
  const state = storeState(store);
  state.refresh();
  const mine = shardOf(plan.order, shard);
  const kept = mine.filter((cell) => state.done.has(plan.ids[cell])).length;
  const part = shard.of > 1 ? `shard ${shard.index}/${shard.of} of ${thousands(plan.ids.length)} cells: ` : "";
  return `${part}${thousands(kept)} of ${thousands(mine.length)} cells done before, ${thousands(mine.length - kept)} to do`;
}

export function endingText(run: {
  store: string;
  cells: number;
  done: number;
  failed: number;
  own: number;
  ended?: string;
}): string {
  const { store, cells, done, failed, own, ended } = run;
  const left = cells - done - failed;
  const parts = [
    `${thousands(done)} of ${thousands(cells)} cells are done${own > 0 ? `, ${thousands(own)} of them now` : done === cells ? ": there was nothing to do" : ""}`,
    failed > 0 ? `${thousands(failed)} failed` : "",
    ended === "failures"
      ? `stopped after so many failures, with ${thousands(left)} left`
      : left > 0
        ? `${thousands(left)} left: the same command goes on`
        : "",
  ].filter(Boolean);
  return `${parts.join("; ")}. Tables and maps: sonde sweep merge --store ${commandText([store]).replace(/^sonde /, "")}`;
}

/** The sweep of a store, as its plan file says it. */
export function plannedIn(store: string): Planned {
  const request = requestOf([], undefined, store);
  const expansion = expansionOf(request);
  const file = readPlanFile(store);
  const plan = planSweep(request, expansion);
  if (!file) throw new SondeError(`the store ${store} lost its plan`);
  return { store, plan: samePlan(store, plan, file), expansion };
}
