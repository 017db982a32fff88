import { type Estimate, quote } from "@sonde/core";
import type { UnitRecord } from "@sonde/vni";
import { count, percent, short } from "./numbers.js";
import type { Page } from "./page.js";
import { shortName } from "./short-name.js";
import { bar } from "./spark.js";
import { shownLayers, table } from "./table.js";

/** One recorded layer. */
export interface RecordedUnits
  extends Pick<UnitRecord, "effectiveNodes" | "constantUnits" | "points" | "units" | "reason" | "warning"> {
  readonly layer: number;
  readonly name: string;
  readonly shape: readonly number[];
  readonly vni: Estimate;
  readonly weighted: Estimate;
  readonly lengthShare: Estimate;
  readonly formula: null;
}

/** The report of `sonde vni` on recorded activations. */
export function vniRecordedReport(
  page: Page,
  { model, layers }: { readonly model: string; readonly layers: readonly RecordedUnits[] },
): string {
  const shown = shownLayers(layers.length).map((l) => layers[l]);
  const column = (heading: string, cell: (layer: RecordedUnits) => string) => ({ heading, cells: shown.map(cell) });
  const [names, ...rows] = table(
    [
      column("layer", ({ layer }) => String(layer)),
      { ...column("array", ({ name }) => shortName(name)), align: "left" as const },
      column("points", ({ points }) => String(points)),
      column("units", ({ units }) => String(units)),
      { ...column("VNI", ({ vni }) => `${bar(vni.value, 8).padEnd(8)} ${short(vni.value)}`), align: "left" as const },
      column("nodes", ({ effectiveNodes }) => short(effectiveNodes)),
      column("weighted", ({ weighted }) => short(weighted.value)),
      column("constant", ({ constantUnits }) => String(constantUnits)),
      column("length", ({ lengthShare }) => percent(lengthShare.value)),
    ],
    page.width,
  );
  return [
    `  ${page.bold(quote(model).slice(1, -1))}`,
    page.dim(`  recorded activations · ${count(layers.length, "layer")}`),
    "",
    page.dim(names),
    ...rows,
  ].join("\n");
}
