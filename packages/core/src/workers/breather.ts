/** Milliseconds after which timers, signals and a page's events are let in. */
const longestStretch = 50;

/**
 * For long work on one thread: a function to be awaited between its pieces, which lets timers, signals and a page's events in whenever 50 ms have passed since it
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
    return new Promise((resolve) =>
      setTimeout(() => {
        rested = performance.now();
        resolve();
      }),
    );
  };
}
