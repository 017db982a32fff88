import { Worker } from "node:worker_threads";
import type { SharedOptions } from "./options.js";
import { exitCodes } from "./program.js";
import { startProgress } from "./progress.js";

/** What a running command shares with the library: threads, interruption and progress. */
export interface RunContext {
  readonly threads: number;
  readonly createWorker: () => Worker;
  readonly signal: AbortSignal;
  readonly progress: (networks: number, most: number) => void;
}

/** Thrown where Ctrl-C came before anything was finished. */
export class Interrupted extends Error {}

/**
 * Runs a command's work: Ctrl-C ends it within a second and keeps what is finished, a second Ctrl-C ends the process at once.
 */
export async function withRunContext<Result>(
  options: SharedOptions,
  work: (context: RunContext) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort(new Interrupted("interrupted before anything was finished"));
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  const progress = startProgress(options.quiet ?? false);
  try {
    return await work({
      threads: options.threads,
      createWorker: () => new Worker(new URL("./worker.js", import.meta.url)),
      signal: controller.signal,
      progress: progress.update,
    });
  } finally {
    progress.end();
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}
