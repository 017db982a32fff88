import { exitCodes } from "./exit-codes.js";

/** Thrown where Ctrl-C came before anything was finished. */
export class Interrupted extends Error {}

/** What ends a run from outside: Ctrl-C, a polite kill, a terminal that closes. */
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A run's ear for Ctrl-C. */
export interface Interruption {
  /**
   * Aborts with Ctrl-C, so that a run can end within a second and keep what is finished; a second Ctrl-C ends the process at once. Listening begins when it is first asked for: before that, while a
   * request is read and planned, there is nothing to keep, and a signal ends the process whatever it is busy with.
   */
  readonly signal: AbortSignal;
  readonly aborted: boolean;
  /** Stops listening. */
  end(): void;
}

export function interruption(): Interruption {
  const controller = new AbortController();
  const { signal } = controller;
  const interrupt = () => {
    if (signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort(new Interrupted("interrupted before anything was finished"));
  };
  let stop: (() => void) | undefined;
  return {
    get signal() {
      stop ??= listen(interrupt);
      return signal;
    },
    get aborted() {
      return signal.aborted;
    },
    end: () => stop?.(),
  };
}

/** Does short work on this thread that no signal cuts in two. */
export function undisturbed<Result>(work: () => Result): Result {
  const stop = listen(() => {});
  try {
    return work();
  } finally {
    stop();
  }
}

function listen(heard: () => void): () => void {
  for (const ending of endings) process.on(ending, heard);
  return () => {
    for (const ending of endings) process.off(ending, heard);
  };
}
