const heights = "▁▂▃▄▅▆▇█";

/** A line of bars, one for each value in [0, high], a dot for none; at most `width`, each then the mean of its values. */
export function sparkline(values: readonly number[], high: number, width = 60): string {
  const count = Math.min(width, values.length);
  return Array.from({ length: count }, (_, k) => {
    const part = values.slice(Math.floor((k * values.length) / count), Math.floor(((k + 1) * values.length) / count));
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
    return Number.isFinite(mean) ? heights[Math.max(0, Math.min(7, Math.round((8 * mean) / high) - 1))] : "·";
  }).join("");
}

/** A horizontal bar for a share of 1. */
export function bar(share: number, width = 12): string {
  const eighth = Math.max(0, Math.min(8 * width, Math.round(8 * width * share)));
  const rest = eighth % 8;
  return "█".repeat(Math.floor(eighth / 8)) + (rest ? "▏▎▍▌▋▊▉"[rest - 1] : "");
}
