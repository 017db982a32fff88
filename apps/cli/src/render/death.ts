import type { DeathRecord } from "@sonde/metrics-death";
import { type Architecture, hiddenLayers } from "@sonde/nets";
import { modelLine } from "./describe-model.js";
import { percent, plusMinus, short } from "./numbers.js";
import type { Painter } from "./paint.js";
import { bar } from "./spark.js";
import { shownLayers, table } from "./table.js";

/** The report of `sonde death`. */
export function deathReport(
  paint: Painter,
  model: string,
  architecture: Architecture,
  record: DeathRecord,
  inputs: string,
): string {
  return [
    "",
    `  ${paint.bold(model)}  ${paint.dim(modelLine(architecture))}`,
    `  ${paint.dim(`inputs: ${inputs}${domainNote(record)}`)}`,
    "",
    `  P(born dead)         ${paint.bold(plusMinus(record))}   ${paint.dim(`95 %: ${short(record.low)} to ${short(record.high)}, ${record.networks} networks`)}`,
    `  no living point      ${plusMinus(record.noLivingPoint)}`,
    `  theory               ${boundsText(record)}`,
    "",
    ...layerTable(paint, architecture, record),
    "",
    "",
  ].join("\n");
}

/** Bounds in words. */
export function boundsText({ bounds: { lower, upper, theorem } }: DeathRecord): string {
  const range = lower === upper ? `exactly ${short(lower)}` : `${short(lower)} to ${short(upper)}`;
  return `${range}  (${theorem})`;
}

function domainNote({ domain }: DeathRecord): string {
  switch (domain.kind) {
    case "rays":
      return " (exact: the network is fixed by its rays)";
    case "grid":
      return ` (grid of ${domain.points} points)`;
    case "sample":
      return ` (${domain.points} random points)`;
    case "data":
      return ` (${domain.points} points)`;
  }
}

function layerTable(paint: Painter, architecture: Architecture, { layers }: DeathRecord): string[] {
  const hidden = hiddenLayers(architecture);
  const shown = shownLayers(layers.length);
  const [heading, ...rows] = table([
    { heading: "layer", cells: shown.map((l) => String(l + 1)) },
    { heading: "units", cells: shown.map((l) => String(hidden[l].units)) },
    { heading: "living points", align: "left", cells: shown.map((l) => bar(layers[l].livingRatio.value).padEnd(13)) },
    { heading: "", cells: shown.map((l) => percent(layers[l].livingRatio.value)) },
    { heading: "died here", cells: shown.map((l) => percent(layers[l].deadHere.value)) },
  ]);
  return [paint.dim(heading), ...rows];
}
