import { queueCells } from "@sonde/sweep/queue";
import { exitCodes } from "../exit-codes.js";
import { interruption } from "../interruption.js";
import { startProgress } from "../progress.js";
import { thousands } from "../render/numbers.js";
import { failureLines } from "./failures.js";
import { nowAndThen } from "./now-and-then.js";
import type { SweepOptions } from "./options.js";
import type { Planned } from "./sweep.js";
import { endingText } from "./sweep.js";

/** `--queue`: hands the cells to workers and watches the store until all are there. */
export async function queue({ store, plan }: Planned, options: SweepOptions): Promise<number> {
  const { quiet = false, retryFailed, maxFailures, queue: url = "" } = options;
  const interrupts = interruption();
  const progress = startProgress(quiet);
  const say = nowAndThen((text) => !quiet && process.stderr.write(`sonde: ${text}\n`));
  try {
    const run = await queueCells(plan, {
      url,
      store,
      retryFailed,
      maxFailures,
      signal: interrupts.signal,
      refused: say,
      progress: ({ cells, done, failed, share }) =>
        progress.show(
          share,
          () => `${thousands(done)} of ${thousands(cells)} cells${failed > 0 ? `, ${thousands(failed)} failed` : ""}`,
        ),
    });
    progress.end();
    const { cells, done, failed, ended } = run;
    if (options.json) process.stdout.write(`${JSON.stringify({ store, plan: plan.hash, ...run })}\n`);
    else process.stdout.write(`${endingText({ store, ...run })}\n`);
    if (failed > 0 && !quiet) process.stderr.write(failureLines(store, failed));
    if (ended === "signal") {
      if (!quiet) process.stderr.write("sonde: what is queued is left to the workers; the same command watches again\n");
      return exitCodes.interrupted;
    }
    return failed > 0 || done < cells ? exitCodes.failed : exitCodes.done;
  } finally {
    progress.end();
    interrupts.end();
  }
}
