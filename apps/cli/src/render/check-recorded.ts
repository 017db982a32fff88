import { quote } from "@sonde/core";
import type { RecordedDiagnosis, RecordedLayer } from "@sonde/predictor";
import { findingLines, inputsText, reasonLines, signed, verdictLines } from "./check.js";
import { count, logarithm, percent, plusMinus, short } from "./numbers.js";
import type { Page } from "./page.js";
import { shortName } from "./short-name.js";
import { bar, sparkline } from "./spark.js";
import { type Column, shownLayers, table } from "./table.js";
import { labelled, wrap } from "./wrap.js";

export interface CheckRecordedReport {
  readonly model: string;
  readonly diagnosis: RecordedDiagnosis;
  /** What it is of, in words; default recorded activations. */
  readonly what?: readonly string[];
  /** What does not tell more, in words; default this recording. */
  readonly source?: string;
}

/** The report of `sonde check` on recorded activations. */
export function checkRecordedReport(
  page: Page,
  { model, diagnosis, what: subject = ["recorded activations"], source = "this recording" }: CheckRecordedReport,
): string {
  const { verdict, findings, measurement, suggestions, unmeasured } = diagnosis;
  const { layers, points, pairs } = measurement;
  const [{ deadUnits }] = layers;
  const what = [...subject, count(layers.length, "hidden layer"), count(points, "point"), count(pairs, "pair")];
  const notes = [
    `A unit that never fired at ${count(points, "point")} fires at less than ${percent(deadUnits.rateBelow)} of such points, at 95 % confidence.`,
  ];
  return [
    `  ${page.bold(quote(model).slice(1, -1))}`,
    ...wrap(what.join(" · "), page.width, "  ").map(page.dim),
    "",
    ...verdictLines(page, verdict, findings, layers.length),
    ...reasonLines(page, { findings, fixes: [] }),
    "",
    ...vitalLines(page, diagnosis),
    "",
    ...unitTable(page, layers),
    "",
    ...scaleTable(page, layers),
    "",
    ...notes.flatMap((note) => wrap(note, page.width, "  ").map(page.dim)),
    ...findings.flatMap((finding) => ["", ...findingLines(page, finding, layers.length)]),
    ...suggestionLines(page, suggestions),
    "",
    `  ${page.bold(`What ${source} does not tell`)}`,
    ...unmeasured.flatMap(({ question, reason }) => wrap(`${question}: ${reason}`, page.width, "    ")),
  ].join("\n");
}

/** What usually helps, where nothing can be computed. */
function suggestionLines(page: Page, suggestions: RecordedDiagnosis["suggestions"]): string[] {
  if (suggestions.length === 0) return [];
  return [
    "",
    `  ${page.bold("What usually helps")} ${page.dim("(not computed: a recording does not tell the architecture)")}`,
    ...suggestions.flatMap(({ pathology, change }) => wrap(`${pathology.replaceAll("-", " ")}: ${change}`, page.width, "    ")),
  ];
}

/** The numbers of the network as a whole. */
function vitalLines(page: Page, { measurement: { layers, inputs, outputs, growth } }: RecordedDiagnosis): string[] {
  const room = Math.min(40, page.width - 60);
  const living = layers.map(({ livingRatio }) => livingRatio.value);
  const last = layers[layers.length - 1];
  const angles = sparkline(
    layers.map(({ angle }) => angle?.value ?? Number.NaN),
    Math.PI,
    room,
  );
  return [
    ...labelled(page, "  P(fails)       ", "not calibrated for recordings, see below"),
    `  living points  ${sparkline(living, 1, room)}  ${percent(last.livingRatio.value)} at the last layer`,
    ...(layers.some(({ angle }) => angle) ? [`  angle          ${angles}  ${angleText(last)}`] : []),
    ...(inputs ? labelled(page, "  inputs         ", inputsText(inputs)) : []),
    ...(growth && growth.networks > 0
      ? [`  signal         mean square x${short(Math.exp(growth.value))} a layer (ln ${signed(growth.value)})`]
      : []),
    ...(outputs
      ? labelled(
          page,
          "  outputs        ",
          `${count(outputs.units, "output")}; ln mean square ${logarithm(outputs.signal.logMeanSquare.value)}, ln variance ${logarithm(outputs.signal.logVariance.value)}`,
        )
      : []),
  ];
}

function angleText({ angle, degenerate, rounding }: RecordedLayer): string {
  if (!angle || degenerate === undefined) return "none at the last layer";
  const mean = rounding ? "below rounding, " : Number.isFinite(angle.value) ? `${plusMinus(angle)} rad, ` : "";
  return `${mean}${percent(degenerate)} degenerate`;
}

/** Columns that every table of recorded layers begins with, and how others are made. */
function tableOf(page: Page, layers: readonly RecordedLayer[], columns: readonly RecordedColumn[]): string[] {
  const shown = shownLayers(layers.length, 16).map((l) => layers[l]);
  const all: readonly RecordedColumn[] = [
    { heading: "layer", cell: ({ layer }) => String(layer) },
    { heading: "array", cell: ({ name }) => shortName(name), align: "left" },
    ...columns,
  ];
  const [names, ...rows] = table(
    all.map(({ cell, ...column }) => ({ ...column, cells: shown.map(cell) })),
    page.width,
  );
  return [page.dim(names), ...rows];
}

interface RecordedColumn extends Omit<Column, "cells"> {
  readonly cell: (layer: RecordedLayer) => string;
}

function unitTable(page: Page, layers: readonly RecordedLayer[]): string[] {
  return tableOf(page, layers, [
    { heading: "units", cell: ({ units }) => String(units) },
    {
      heading: "living points",
      cell: ({ livingRatio: { value } }) => `${bar(value, 8).padEnd(8)} ${percent(value).padStart(6)}`,
      align: "left",
    },
    { heading: "dead units", cell: ({ deadUnits }) => percent(deadUnits.value) },
    { heading: "constant", cell: ({ constantUnits }) => percent(constantUnits.value), optional: true },
    { heading: "copies", cell: ({ signal }) => percent(signal.copiedUnits.value), optional: true },
    { heading: "nodes", cell: ({ effectiveNodes = Number.NaN }) => short(effectiveNodes) },
    { heading: "rank", cell: ({ effectiveRank = Number.NaN }) => short(effectiveRank) },
  ]);
}

function scaleTable(page: Page, layers: readonly RecordedLayer[]): string[] {
  return tableOf(page, layers, [
    {
      heading: "ln sin²",
      cell: ({ logSin2, rounding, resolution }) =>
        rounding ? `< ${resolution} (rounding)` : logarithm(logSin2?.value ?? Number.NaN),
    },
    { heading: "degenerate", cell: ({ degenerate = Number.NaN }) => percent(degenerate) },
    { heading: "ln mean square", cell: ({ signal }) => logarithm(signal.logMeanSquare.value) },
    { heading: "growth", cell: ({ signal }) => logarithm(signal.growth?.value ?? Number.NaN) },
    { heading: "ln variance", cell: ({ signal }) => logarithm(signal.logVariance.value) },
    ...(layers.some(({ gradient }) => gradient)
      ? [{ heading: "ln gradient", cell: ({ gradient }: RecordedLayer) => logarithm(gradientOf(gradient)) }]
      : []),
    ...(layers.some(({ slope }) => slope)
      ? [{ heading: "mean slope", cell: ({ slope }: RecordedLayer) => percent(slope?.value ?? Number.NaN), optional: true }]
      : []),
    ...(layers.some(({ saturated }) => saturated)
      ? [{ heading: "saturated", cell: ({ saturated }: RecordedLayer) => percent(saturated?.value ?? Number.NaN) }]
      : []),
  ]);
}

/** ln of the mean square by activations, otherwise by weights. */
function gradientOf(gradient: RecordedLayer["gradient"]): number {
  return gradient?.activations?.mean ?? gradient?.weights?.mean ?? Number.NaN;
}
