import { exitCodes } from "./exit-codes.js";

/** Thrown where Ctrl-C came before anything was finished. */
export class Interrupted extends Error {}

/** Runs work whose signal aborts with Ctrl-C, so that it can end within a second and keep what is finished; a second Ctrl-C ends the process at once. */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort(new Interrupted("interrupted before anything was finished"));
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}
