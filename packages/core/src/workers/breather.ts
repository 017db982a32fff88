/** Milliseconds after which timers, signals and a page's events are let in: much longer where several works share this thread, since each takes its turn before. */
const longestStretch = 15;

/**
 * For long work on one thread: a function to be awaited between its pieces, which lets timers, signals and a page's events in whenever 15 ms have passed since it
 * last did, and costs no wait otherwise.
 *
 * @example
 * const breathe = breather();
 * for (let piece = 0; piece < 3; piece++) await breathe(); // pieces of work go before the await
 */
export function breather(): () => Promise<void> | undefined {
  let rested = performance.now();
  return () => {
    if (performance.now() - rested < longestStretch) return undefined;
    return nextTurn().then(() => {
      rested = performance.now();
    });
  };
}

/** Lets everything that waits for this thread go first: events, timers, messages, and what was begun without being awaited, such as asking workers. */
export function nextTurn(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (call: () => void) => void };
  // A timeout takes a millisecond or more.
  return new Promise((resolve) => (setImmediate ? setImmediate(resolve) : setTimeout(resolve)));
}
