/** Shows how far a run is, on standard error: a bar on a terminal, otherwise a line every ten seconds. Nothing for runs under half a second. */
export function startProgress(quiet: boolean): { update: (networks: number, most: number) => void; end: () => void } {
  const terminal = process.stderr.isTTY === true;
  const started = performance.now();
  let shown = started + (terminal ? 400 : 0);
  let drawn = false;
  return {
    update(networks, most) {
      const now = performance.now();
      if (quiet || now - shown < (terminal ? 100 : 10_000)) return;
      shown = now;
      const share = networks / most;
      const seconds = (now - started) / 1000;
      const left = networks > 0 ? `, about ${Math.ceil(seconds / share - seconds)} s left` : "";
      if (terminal) {
        const filled = Math.round(24 * share);
        process.stderr.write(`\r\x1b[2K${"█".repeat(filled)}${"░".repeat(24 - filled)} ${networks} of ${most} networks${left}`);
        drawn = true;
      } else {
        process.stderr.write(`sonde: ${networks} of ${most} networks${left}\n`);
      }
    },
    end() {
      if (drawn) process.stderr.write("\r\x1b[2K");
    },
  };
}
