import type { AnglesRecord } from "@sonde/metrics-correlation";
import type { Architecture } from "@sonde/nets";
import { heading } from "./heading.js";
import { layerColumns } from "./layer-columns.js";
import { count, percent, plusMinus, short } from "./numbers.js";
import type { Page } from "./page.js";
import { bar } from "./spark.js";
import { shownLayers, table } from "./table.js";

export interface AnglesReport {
  readonly model: string;
  readonly architecture: Architecture;
  readonly record: AnglesRecord;
  readonly inputs: string;
}

/** The report of `sonde angles`. */
export function anglesReport(page: Page, { model, architecture, record, inputs }: AnglesReport): string {
  const { layers, pairs, networks } = record;
  const on = `${count(networks, "random network")} on ${inputs}${pairs === 1 ? "" : ` (${count(pairs, "pair")})`}; averages leave degenerate pairs out`;
  const top = heading(page, model, architecture, on);
  if (layers.length === 0) return top.join("\n");
  const shown = shownLayers(layers.length);
  const at = (l: number) => layers[l];
  const angles = shown.map((l) => plusMinus(at(l).angle));
  const widest = Math.max(...angles.map((text) => text.length));
  const [names, ...rows] = table(
    [
      ...layerColumns(architecture, shown),
      {
        heading: "angle (rad)",
        align: "left",
        cells: shown.map((l, k) => `${bar(at(l).angle.value / Math.PI, 8).padEnd(8)} ${angles[k].padStart(widest)}`),
      },
      { heading: "ln sin²", cells: shown.map((l) => (Math.abs(at(l).logSin2.value) < 1e-12 ? "0" : plusMinus(at(l).logSin2))) },
      { heading: "sd", cells: shown.map((l) => short(at(l).logSin2.sd)), optional: true },
      { heading: "cosine", cells: shown.map((l) => short(at(l).cosine.value)), optional: true },
      { heading: "correlation", cells: shown.map((l) => short(at(l).correlation.value)), optional: true },
      { heading: "degenerate", cells: shown.map((l) => percent(at(l).degenerate)) },
    ],
    page.width,
  );
  return [...top, "", page.dim(names), ...rows].join("\n");
}
