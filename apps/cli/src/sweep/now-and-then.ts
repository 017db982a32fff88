/** Milliseconds between two sayings of the same. */
const interval = 10_000;

/** Says a text that comes again and again at most every ten seconds. */
export function nowAndThen(say: (text: string) => void): (text: string) => void {
  let said = Number.NEGATIVE_INFINITY;
  return (text) => {
    if (performance.now() - said < interval) return;
    said = performance.now();
    say(text);
  };
}
