import { ConfigError } from "@sonde/core";
import { workQueue } from "@sonde/sweep/queue";
import { thread } from "../entry-files.js";
import { exitCodes } from "../exit-codes.js";
import { interruption } from "../interruption.js";
import { thousands } from "../render/numbers.js";
import { commandText } from "./failures.js";
import { nowAndThen } from "./now-and-then.js";
import type { WorkerOptions } from "./options.js";
import { plannedIn, usualStore } from "./sweep.js";

/** `sonde worker`: computes cells until it is told to stop, which is its ordinary end. */
export async function worker({
  redis = process.env.REDIS_URL,
  store = usualStore,
  threads,
  lock,
  quiet,
}: WorkerOptions): Promise<number> {
  if (redis === undefined)
    throw new ConfigError(
      "--redis says where the queue is, as in redis://localhost:6379: give it, or REDIS_URL in the environment",
    );
  const { plan, expansion } = plannedIn(store);
  const interrupts = interruption();
  const say = (text: string) => !quiet && process.stderr.write(`sonde: ${text}\n`);
  const seen = nowAndThen(say);
  try {
    const done = await workQueue(plan, {
      url: redis,
      store,
      threads,
      lock: 1000 * lock,
      createWorker: () => thread("sweep-worker"),
      task: (cell) => expansion.args(plan.point(cell)),
      command: (cell) => commandText(expansion.args(plan.point(cell))),
      signal: interrupts.signal,
      finished: (count, glance) => seen(`${thousands(count)} cells done here, ${glance}`),
      refused: nowAndThen(say),
    });
    say(`${thousands(done)} cells done here`);
    // The queue's client, closed while it waits for a cell, can be left with timers and sockets of its own: they do not keep a worker that has ended.
    setTimeout(() => process.exit(), 200).unref();
    return exitCodes.done;
  } finally {
    interrupts.end();
  }
}
