import type { Dash, Mark, Tone } from "./figure.js";

/** One name of a legend and the ways in which it is drawn. */
export interface LegendItem {
  readonly name: string;
  readonly tone: Tone;
  readonly line?: Dash;
  readonly dots?: boolean;
  readonly area?: boolean;
}

/** The names of the marks, each once, in the order in which they are drawn; marks that share a name share a line of the legend, neutral where their tones differ. */
export function legendItems(marks: readonly Mark[]): LegendItem[] {
  const items = new Map<string, LegendItem>();
  for (const mark of marks) {
    if (mark.kind === "cells" || mark.name === undefined) continue;
    const drawn =
      mark.kind === "dots"
        ? { dots: true }
        : mark.kind === "band" || mark.kind === "bars"
          ? { area: true }
          : { line: mark.dash ?? ("solid" as const) };
    const before = items.get(mark.name);
    const tone = before && before.tone !== mark.tone ? "neutral" : mark.tone;
    items.set(mark.name, { ...before, ...drawn, name: mark.name, tone });
  }
  return [...items.values()];
}
