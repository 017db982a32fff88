/** Shows how far a run is, on standard error: a bar on a terminal, otherwise a line every ten seconds. Nothing for runs under half a second. */
export function startProgress(quiet: boolean): {
  update: (done: number, most: number, noun?: string | (() => string)) => void;
  end: () => void;
} {
  const terminal = process.stderr.isTTY === true && process.env.TERM !== "dumb";
  const started = performance.now();
  let shown = started + (terminal ? 400 : 0);
  let drawn = false;
  return {
    update(done, most, noun = "networks") {
      const now = performance.now();
      if (quiet || done >= most || now - shown < (terminal ? 100 : 10_000)) return;
      shown = now;
      const share = Math.max(done / most, 1e-9);
      const left = duration((now - started) * (1 / share - 1));
      const text = `${done} of ${most} ${typeof noun === "string" ? noun : noun()}, about ${left} left`;
      if (terminal) {
        const filled = Math.round(24 * share);
        process.stderr.write(`\r\x1b[2K${"█".repeat(filled)}${"░".repeat(24 - filled)} ${text}`);
        drawn = true;
      } else {
        process.stderr.write(`sonde: ${text}\n`);
      }
    },
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
