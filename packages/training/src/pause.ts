import { breather } from "@sonde/core";

/** Awaited between pieces of long work; throws where it is to end. */
export type Pause = () => Promise<void> | undefined;

/** Lets timers, signals and messages in now and then, and throws the reason of a signal that is aborted. */
export function pausing(signal: AbortSignal | undefined): Pause {
  const breathe = breather();
  return async () => {
    await breathe();
    signal?.throwIfAborted();
  };
}
