import type { Architecture } from "@sonde/nets";
import type { VniRecord } from "@sonde/vni";
import { heading } from "./heading.js";
import { layerColumns } from "./layer-columns.js";
import { count, percent, plusMinus, short } from "./numbers.js";
import type { Page } from "./page.js";
import { bar } from "./spark.js";
import { shownLayers, table } from "./table.js";

export interface VniReport {
  readonly model: string;
  readonly architecture: Architecture;
  readonly record: VniRecord;
  readonly inputs: string;
}

/** The report of `sonde vni`. */
export function vniReport(page: Page, { model, architecture, record, inputs }: VniReport): string {
  const { layers, networks, where } = record;
  const place = where === "pre" ? ", before the activations" : "";
  const top = heading(page, model, architecture, `${count(networks, "random network")} on ${inputs}${place}`);
  if (layers.length === 0) return top.join("\n");
  const shown = shownLayers(layers.length);
  const at = (l: number) => layers[l];
  const values = shown.map((l) => plusMinus(at(l).vni));
  const widest = Math.max(...values.map((text) => text.length));
  const optional = true;
  const [names, ...rows] = table(
    [
      ...layerColumns(architecture, shown),
      {
        heading: "VNI",
        align: "left",
        cells: shown.map((l, k) => `${bar(at(l).vni.value, 8).padEnd(8)} ${values[k].padStart(widest)}`),
      },
      { heading: "nodes", cells: shown.map((l) => short(at(l).effectiveNodes)) },
      { heading: "weighted", cells: shown.map((l) => plusMinus(at(l).weighted)), optional },
      { heading: "local", cells: shown.map((l) => orNothing(at(l).local, plusMinus)) },
      { heading: "formula", cells: shown.map((l) => orNothing(at(l).formula, short)), optional },
      { heading: "constant", cells: shown.map((l) => short(at(l).constantUnits.value)), optional },
      { heading: "length", cells: shown.map((l) => percent(at(l).lengthShare.value)), optional },
    ],
    page.width,
  );
  return [...top, "", page.dim(names), ...rows].join("\n");
}

function orNothing<Value>(value: Value | undefined, text: (value: Value) => string): string {
  return value === undefined ? "–" : text(value);
}
