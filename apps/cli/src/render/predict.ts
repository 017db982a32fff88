import type { Architecture } from "@sonde/nets";
import type { PredictedLayer } from "@sonde/predictor/angles";
import { heading } from "./heading.js";
import { layerColumns } from "./layer-columns.js";
import { count, logarithm, percent, short } from "./numbers.js";
import type { Page } from "./page.js";
import { shownLayers, table } from "./table.js";

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
  const range = (l: number) => {
    const { quantiles } = at(l).finiteWidth;
    const ends = [quantiles[0], quantiles[quantiles.length - 1]];
    return ends.map((end) => (end ? logarithm(end.value) : "–")).join(" to ");
  };
  const [first, last] = [at(0).finiteWidth.quantiles[0], at(0).finiteWidth.quantiles.at(-1)];
  const [names, ...rows] = table(
    [
      ...layerColumns(architecture, shown),
      { heading: "finite width", cells: shown.map((l) => logarithm(at(l).finiteWidth.mean)) },
      { heading: "sd", cells: shown.map((l) => short(at(l).finiteWidth.sd)) },
      ...(first && last
        ? [
            {
              heading: `${short(100 * first.probability)} to ${short(100 * last.probability)} %`,
              cells: shown.map(range),
              optional: true,
            },
          ]
        : []),
      { heading: "degenerate", cells: shown.map((l) => percent(at(l).finiteWidth.degenerate)) },
      { heading: "published", cells: shown.map((l) => logarithm(at(l).published?.mean ?? Number.NaN)), optional: true },
      { heading: "infinite width", cells: shown.map((l) => logarithm(at(l).infiniteWidth.logSin2)) },
      { heading: "its angle", cells: shown.map((l) => short(at(l).infiniteWidth.angle)), optional: true },
    ],
    page.width,
  );
  return [...top, "", page.dim(names), ...rows].join("\n");
}
