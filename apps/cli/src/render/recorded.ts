import { quote } from "@sonde/core";
import type { ExaminedActivations, ExaminedLayer } from "@sonde/metrics-death";
import { count, percent, short } from "./numbers.js";
import type { Page } from "./page.js";
import { shortName } from "./short-name.js";
import { shownLayers, table } from "./table.js";
import { wrap } from "./wrap.js";

export interface RecordedReport {
  readonly model: string;
  readonly examined: ExaminedActivations;
  readonly layers: readonly (Pick<ExaminedLayer, "layer" | "livingRatio"> & {
    readonly name: string;
    readonly deadUnits: Omit<ExaminedLayer["deadUnits"], "firingRate">;
    readonly dormantUnits: Omit<ExaminedLayer["dormantUnits"], "scores">;
  })[];
}

/** The report of `sonde death` on recorded activations. */
export function recordedReport(page: Page, { model, examined, layers }: RecordedReport): string {
  const shown = shownLayers(layers.length).map((l) => layers[l]);
  const column = (heading: string, cell: (layer: (typeof layers)[number]) => string) => ({ heading, cells: shown.map(cell) });
  const [names, ...rows] = table(
    [
      column("layer", ({ layer }) => String(layer)),
      { ...column("array", ({ name }) => shortName(name)), align: "left" as const },
      column("units", ({ deadUnits }) => String(deadUnits.units)),
      column("dead", ({ deadUnits }) => String(deadUnits.dead.length)),
      column("dormant", ({ dormantUnits }) => String(dormantUnits.dormant.length)),
      column("zero entries", ({ deadUnits }) => percent(deadUnits.zeroEntries)),
      column("dead points", ({ deadUnits }) => percent(deadUnits.deadPoints)),
      column("living points", ({ livingRatio }) => percent(livingRatio)),
    ],
    page.width,
  );
  const { rateBelow } = layers[0].deadUnits;
  const sure = `a unit that never fired at ${count(examined.points, "point")} fires at less than ${percent(rateBelow)} of such points, at 95 % confidence`;
  return [
    `  ${page.bold(quote(model).slice(1, -1))}`,
    page.dim(`  recorded activations · ${count(layers.length, "hidden layer")} · ${count(examined.points, "point")}`),
    "",
    `  ${verdict(page, examined)}`,
    ...wrap(sure, page.width, "  ").map(page.dim),
    "",
    page.dim(names),
    ...rows,
  ].join("\n");
}

function verdict(page: Page, { dead, deadLayers, noLivingPoint, alive }: ExaminedActivations): string {
  if (dead) return page.red(`✗ dead: layer ${deadLayers.slice(0, 10).map(short).join(", ")} is zero at every recorded point`);
  if (noLivingPoint)
    return page.yellow("✗ no recorded point is alive through all layers, though no layer is zero at all of them");
  return page.green(
    `✓ alive: ${percent(alive.filter(Boolean).length / alive.length)} of the recorded points live through all layers`,
  );
}
