import { type Matrix, quote } from "@sonde/core";
import type { KernelCondition } from "@sonde/infinite-width";
import { conditionText, correlationText, spread } from "./kernel.js";
import { count, short } from "./numbers.js";
import type { Page } from "./page.js";
import { shortName } from "./short-name.js";
import { shownLayers, table } from "./table.js";

export interface KernelRecordedReport {
  readonly model: string;
  /** What it is of. */
  readonly line: string;
  readonly layers: readonly {
    readonly layer: number;
    readonly name: string;
    readonly kernel: Matrix;
    readonly condition?: KernelCondition;
  }[];
}

/** The report of `sonde kernel` on one network: what the kernel of every layer is like. */
export function kernelRecordedReport(page: Page, { model, line, layers }: KernelRecordedReport): string {
  const rows = shownLayers(layers.length).map((l) => ({ ...layers[l], ...spread(layers[l].kernel) }));
  const [names, ...lines] = table(
    [
      { heading: "layer", cells: rows.map(({ layer }) => String(layer)) },
      { heading: "array", align: "left", cells: rows.map(({ name }) => shortName(name)) },
      { heading: "diagonal", cells: rows.map(({ diagonal: [low, high] }) => `${short(low)} to ${short(high)}`) },
      { heading: "correlation", cells: rows.map(correlationText) },
      {
        heading: "largest eigenvalue",
        cells: rows.map(({ condition }) => (condition ? short(condition.largest) : "–")),
        optional: true,
      },
      { heading: "condition", cells: rows.map(({ condition }) => conditionText(condition)) },
    ],
    page.width,
  );
  return [
    `  ${page.bold(quote(model).slice(1, -1))}`,
    page.dim(
      `  ${line} · ${count(layers.length, "layer")} · ${count(layers[0].kernel.rows, "point")}; --json prints the kernel of the last`,
    ),
    "",
    page.dim(names),
    ...lines,
  ].join("\n");
}
