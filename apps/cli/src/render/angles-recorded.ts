import { type Estimate, quote } from "@sonde/core";
import type { RecordedSimilarityLayer } from "@sonde/metrics-correlation";
import { count, percent, plusMinus, short } from "./numbers.js";
import type { Page } from "./page.js";
import { shortName } from "./short-name.js";
import { bar } from "./spark.js";
import { type Column, shownLayers, table } from "./table.js";

/** One recorded layer. */
interface RecordedAnglesRow extends Partial<RecordedSimilarityLayer> {
  readonly layer: number;
  readonly name: string;
  readonly logSin2: Estimate & { readonly sd: number };
  readonly angle: Estimate;
  readonly cosine: Estimate;
  readonly correlation: Estimate;
  readonly degenerate: number;
}

export interface AnglesRecordedReport {
  readonly model: string;
  readonly layers: readonly RecordedAnglesRow[];
  readonly pairs: number;
}

/** The report of `sonde angles` on recorded activations. */
export function anglesRecordedReport(page: Page, { model, layers, pairs }: AnglesRecordedReport): string {
  const shown = shownLayers(layers.length).map((l) => layers[l]);
  const column = (heading: string, cell: (row: RecordedAnglesRow) => string, optional = false): Column => ({
    heading,
    cells: shown.map(cell),
    optional,
  });
  const similar = shown.some(({ gramRank }) => gramRank !== undefined);
  const [names, ...rows] = table(
    [
      column("layer", ({ layer }) => String(layer)),
      { ...column("array", ({ name }) => shortName(name)), align: "left" },
      {
        ...column("angle (rad)", ({ angle }) => `${bar(angle.value / Math.PI, 8).padEnd(8)} ${plusMinus(angle)}`),
        align: "left",
      },
      column("ln sin²", ({ logSin2 }) => plusMinus(logSin2)),
      column("sd", ({ logSin2 }) => short(logSin2.sd), true),
      column("cosine", ({ cosine }) => short(cosine.value), true),
      column("correlation", ({ correlation }) => short(correlation.value), true),
      column("degenerate", ({ degenerate }) => percent(degenerate)),
      ...(similar
        ? [
            column("average cosine", ({ averageCosine }) => short(averageCosine ?? Number.NaN)),
            column("Gram rank", ({ gramRank }) => String(gramRank)),
            column("CKA, layer before", ({ ckaWithPrevious }) => short(ckaWithPrevious ?? Number.NaN)),
          ]
        : []),
    ],
    page.width,
  );
  return [
    `  ${page.bold(quote(model).slice(1, -1))}`,
    page.dim(
      `  recorded activations · ${count(layers.length, "layer")} · ${count(pairs, "pair")}; averages leave degenerate pairs out`,
    ),
    "",
    page.dim(names),
    ...rows,
  ].join("\n");
}
