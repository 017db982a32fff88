/** Shows how far a run is, on standard error: a bar on a terminal, otherwise a line every ten seconds. Nothing for runs under half a second. */
export function startProgress(quiet: boolean): {
  update: (done: number, most: number, noun?: string | (() => string)) => void;
  /** The same where the share that is done is known otherwise than by counting. */
  show: (share: number, text: () => string) => void;
  end: () => void;
} {
  const terminal = process.stderr.isTTY === true && process.env.TERM !== "dumb";
  const started = performance.now();
  let shown = started + (terminal ? 400 : 0);
  let drawn = false;
  const show = (share: number, words: () => string): void => {
    const now = performance.now();
    if (quiet || share >= 1 || now - shown < (terminal ? 100 : 10_000)) return;
    shown = now;
    const left = duration((now - started) * (1 / Math.max(share, 1e-9) - 1));
    const text = `${words()}, about ${left} left`;
    if (terminal) {
      const filled = Math.round(24 * share);
      process.stderr.write(`\r\x1b[2K${"█".repeat(filled)}${"░".repeat(24 - filled)} ${text}`);
      drawn = true;
    } else {
      process.stderr.write(`sonde: ${text}\n`);
    }
  };
  return {
    show,
    update: (done, most, noun = "networks") =>
      show(done / most, () => `${done} of ${most} ${typeof noun === "string" ? noun : noun()}`),
    end() {
      if (drawn) process.stderr.write("\r\x1b[2K");
      drawn = false;
    },
  };
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
