import type { AnglesRecord, SimilarityLayer } from "@sonde/metrics-correlation";
import type { Architecture } from "@sonde/nets";
import { heading } from "./heading.js";
import { layerColumns } from "./layer-columns.js";
import { count, logarithm, percent, plusMinus, short } from "./numbers.js";
import type { Page } from "./page.js";
import { bar } from "./spark.js";
import { type Column, shownLayers, table } from "./table.js";

export interface AnglesReport {
  readonly model: string;
  readonly architecture: Architecture;
  readonly record: AnglesRecord;
  readonly similarity?: readonly SimilarityLayer[];
  /** Whether the outermost quantiles are shown: they leave no room for cosine and correlation. */
  readonly range: boolean;
  readonly inputs: string;
}

/** The report of `sonde angles`. */
export function anglesReport(page: Page, { model, architecture, record, similarity, range, inputs }: AnglesReport): string {
  const { layers, pairs, networks } = record;
  const on = `${count(networks, "random network")} on ${inputs}${pairs === 1 ? "" : ` (${count(pairs, "pair")})`}; averages leave degenerate pairs out`;
  const top = heading(page, model, architecture, on);
  if (layers.length === 0) return top.join("\n");
  const shown = shownLayers(layers.length);
  const section = (columns: readonly Column[]) => {
    const [names, ...rows] = table([...layerColumns(architecture, shown), ...columns], page.width);
    return ["", page.dim(names), ...rows];
  };
  return [
    ...top,
    ...section(angleColumns(record, shown, range)),
    ...(similarity ? section(similarityColumns(similarity, shown)) : []),
  ].join("\n");
}

function angleColumns({ layers }: AnglesRecord, shown: readonly number[], range: boolean): Column[] {
  const at = (l: number) => layers[l];
  const angles = shown.map((l) => plusMinus(at(l).angle));
  const widest = Math.max(...angles.map((text) => text.length));
  return [
    {
      heading: "angle (rad)",
      align: "left",
      cells: shown.map((l, k) => `${bar(at(l).angle.value / Math.PI, 8).padEnd(8)} ${angles[k].padStart(widest)}`),
    },
    { heading: "ln sin²", cells: shown.map((l) => (Math.abs(at(l).logSin2.value) < 1e-12 ? "0" : plusMinus(at(l).logSin2))) },
    { heading: "sd", cells: shown.map((l) => short(at(l).logSin2.sd)), optional: true },
    ...(range ? rangeColumn(layers, shown) : []),
    { heading: "cosine", cells: shown.map((l) => short(at(l).cosine.value)), optional: true },
    { heading: "correlation", cells: shown.map((l) => short(at(l).correlation.value)), optional: true },
    { heading: "degenerate", cells: shown.map((l) => percent(at(l).degenerate)) },
  ];
}

/** The outermost quantiles. */
function rangeColumn(layers: AnglesRecord["layers"], shown: readonly number[]): Column[] {
  const probabilities = layers.flatMap(({ quantiles }) => quantiles.map(({ probability }) => probability));
  if (probabilities.length === 0) return [];
  const [low, high] = [Math.min(...probabilities), Math.max(...probabilities)];
  const cells = shown.map((l) => {
    const { quantiles } = layers[l];
    const ends = low === high ? [quantiles[0]] : [quantiles[0], quantiles[quantiles.length - 1]];
    return ends.map((end) => (end ? logarithm(end.value) : "–")).join(" to ");
  });
  const percentage = (p: number) => `${Number((100 * p).toPrecision(6))}`;
  const name = low === high ? `${percentage(low)} %` : `${percentage(low)} to ${percentage(high)} %`;
  return [{ heading: name, cells, optional: true }];
}

function similarityColumns(layers: readonly SimilarityLayer[], shown: readonly number[]): Column[] {
  const column = (heading: string, key: Exclude<keyof SimilarityLayer, "layer">): Column => ({
    heading,
    cells: shown.map((l) => plusMinus(layers[l][key])),
  });
  return [
    column("average cosine", "averageCosine"),
    column("Gram rank", "gramRank"),
    column("CKA, inputs", "ckaWithInputs"),
    column("CKA, layer before", "ckaWithPrevious"),
    { heading: "zero points", cells: shown.map((l) => percent(layers[l].zeroPoints.value)) },
  ];
}
