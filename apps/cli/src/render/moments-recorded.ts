import { quote } from "@sonde/core";
import type { RecordedMoments } from "@sonde/moments";
import { count, percent, short } from "./numbers.js";
import type { Page } from "./page.js";
import { shortName } from "./short-name.js";
import { shownLayers, table } from "./table.js";

/** One recorded layer. */
export interface RecordedLayer extends RecordedMoments {
  readonly layer: number;
  readonly name: string;
  readonly shape: readonly number[];
}

/** The report of `sonde moments` on recorded activations. */
export function momentsRecordedReport(page: Page, model: string, layers: readonly RecordedLayer[]): string {
  const shown = shownLayers(layers.length).map((l) => layers[l]);
  const column = (heading: string, cell: (layer: RecordedLayer) => string) => ({ heading, cells: shown.map(cell) });
  const [names, ...rows] = table(
    [
      column("layer", ({ layer }) => String(layer)),
      { ...column("array", ({ name }) => shortName(name)), align: "left" as const },
      column("shape", ({ shape }) => shape.join(" x ")),
      column("ν₂", ({ nu2 }) => short(nu2)),
      column("μ₂", ({ mu2 }) => short(mu2)),
      column("μ₂/ν₂", ({ spread = Number.NaN }) => short(spread)),
      column("r_eff", ({ effectiveRank = Number.NaN }) => short(effectiveRank)),
      column("one sign", ({ constantSign }) => percent(constantSign)),
      column("constant", ({ constantChannels }) => percent(constantChannels)),
    ],
    page.width,
  );
  const head = [`  ${page.bold(quote(model).slice(1, -1))}`, page.dim(`  ${count(layers.length, "recorded layer")}`)];
  return [...head, "", page.dim(names), ...rows].join("\n");
}
