import type { Architecture } from "@sonde/nets";
import type { PredictedLayer } from "@sonde/predictor/angles";
import { heading } from "./heading.js";
import { layerColumns } from "./layer-columns.js";
import { count, logarithm, percent, short } from "./numbers.js";
import type { Page } from "./page.js";
import { type Column, shownLayers, table } from "./table.js";

export interface PredictReport {
  readonly model: string;
  readonly architecture: Architecture;
  readonly layers: readonly PredictedLayer[];
  readonly inputs: string;
  readonly pairs: number;
}

/** The report of `sonde predict`. */
export function predictReport(page: Page, { model, architecture, layers, inputs, pairs }: PredictReport): string {
  const on = `predicted without sampling for ${inputs}${pairs === 1 ? "" : ` (a random one of ${count(pairs, "pair")})`}: ln sin² of the angle, given that the pair is not degenerate`;
  const top = heading(page, model, architecture, on);
  if (layers.length === 0) return top.join("\n");
  const shown = shownLayers(layers.length);
  const at = (l: number) => layers[l];
  const [names, ...rows] = table(
    [
      ...layerColumns(architecture, shown),
      { heading: "finite width", cells: shown.map((l) => logarithm(at(l).finiteWidth.mean)) },
      { heading: "sd", cells: shown.map((l) => short(at(l).finiteWidth.sd)) },
      ...rangeColumn(layers, shown),
      { heading: "degenerate", cells: shown.map((l) => percent(at(l).finiteWidth.degenerate)) },
      { heading: "published", cells: shown.map((l) => logarithm(at(l).published?.mean ?? Number.NaN)), optional: true },
      { heading: "infinite width", cells: shown.map((l) => logarithm(at(l).infiniteWidth.logSin2)) },
      { heading: "its angle", cells: shown.map((l) => short(at(l).infiniteWidth.angle)), optional: true },
    ],
    page.width,
  );
  return [...top, "", page.dim(names), ...rows].join("\n");
}

/** The outermost quantiles, or the only one. */
function rangeColumn(layers: readonly PredictedLayer[], shown: readonly number[]): Column[] {
  const outermost = (l: number) => {
    const { quantiles } = layers[l].finiteWidth;
    return quantiles.filter((_, k) => k === 0 || k === quantiles.length - 1);
  };
  if (outermost(0).length === 0) return [];
  const heading = outermost(0).map(({ probability }) => short(100 * probability));
  const cells = shown.map((l) =>
    outermost(l)
      .map(({ value }) => logarithm(value))
      .join(" to "),
  );
  return [{ heading: `${heading.join(" to ")} %`, cells, optional: true }];
}
