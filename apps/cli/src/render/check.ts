import type { AnglesRecord } from "@sonde/metrics-correlation";
import type { Architecture } from "@sonde/nets";
import type { Diagnosis, Finding, Fix, NodesRecord, Verdict, WidthLimit } from "@sonde/predictor";
import { boundsText, interval, measuredOn } from "./death.js";
import { heading } from "./heading.js";
import { deathColumns, layerColumns } from "./layer-columns.js";
import { count, logarithm, percent, plusMinus, short } from "./numbers.js";
import type { Page } from "./page.js";
import { sparkline } from "./spark.js";
import { shownLayers, table } from "./table.js";
import { vitalColumns } from "./vital-columns.js";
import { labelled, wrap } from "./wrap.js";

export interface CheckReport {
  readonly model: string;
  readonly architecture: Architecture;
  readonly diagnosis: Diagnosis;
  readonly inputs: string;
}

/** The report of `sonde check`. */
export function checkReport(page: Page, { model, architecture, diagnosis, inputs }: CheckReport): string {
  const { verdict, findings, fixes, measurement } = diagnosis;
  const { death } = measurement;
  const lines = [...heading(page, model, architecture, measuredOn(death, inputs)), "", ...verdictLines(page, verdict, findings)];
  if (death.layers.length === 0) return lines.join("\n");
  return [
    ...lines,
    "",
    ...vitalLines(page, diagnosis),
    "",
    ...layerTable(page, architecture, diagnosis),
    ...findings.flatMap((finding) => ["", ...findingLines(page, finding)]),
    ...(fixes.length > 0 ? ["", ...fixLines(page, fixes)] : []),
  ].join("\n");
}

/** The verdict, and why. */
export function verdictLines(page: Page, verdict: Verdict, findings: readonly Finding[]): string[] {
  const colour = { healthy: page.green, "at-risk": page.yellow, degenerate: page.red }[verdict];
  const sign = { healthy: "✓", "at-risk": "!", degenerate: "✗" }[verdict];
  const why = findings.map(({ pathology, layer }) => `${pathology.replaceAll("-", " ")} (layer ${layer})`).join(", ");
  const head = `  ${sign} ${verdict}`;
  const [first, ...rest] = why ? labelled(page, `${head}: `, why) : [head];
  return [colour(page.bold(head)) + first.slice(head.length), ...rest];
}

/** The numbers of the network as a whole, and how they change from its first to its last layer. */
function vitalLines(page: Page, { measurement: { death, angles, nodes }, widthLimit }: Diagnosis): string[] {
  const room = Math.min(40, page.width - 60);
  const living = death.layers.map(({ livingRatio }) => livingRatio.value);
  return [
    `  P(born dead)   ${page.bold(plusMinus(death))}   ${page.dim(interval(death))}`,
    ...labelled(page, "  theory         ", boundsText(death)),
    `  living points  ${sparkline(living, 1, room)}  ${percent(living[living.length - 1])} at the last layer`,
    ...(angles ? [`  angle          ${angleLine(angles, room)}`] : []),
    ...(nodes ? [`  nodes          ${nodesLine(nodes, room)}`] : []),
    ...(widthLimit ? [`  width          ${widthLine(widthLimit, room)}`] : []),
  ];
}

/** By how much a network's kernel differs from what infinite width predicts. */
function widthLine({ layers }: WidthLimit, room: number): string {
  const shares = layers.map(({ deviation }) => deviation);
  return `${sparkline(shares, 1, room)}  ${percent(shares[shares.length - 1])} off infinite width`;
}

function nodesLine({ layers, hiddenLayers }: NodesRecord, room: number): string {
  const { units, effectiveNodes } = layers[layers.length - 1];
  const shares = layers.map((layer) => layer.effectiveNodes / layer.units);
  const at = layers.length < hiddenLayers ? ` (layers ${layers.map(({ layer }) => layer).join(", ")})` : "";
  return `${sparkline(shares, 1, room)}  ${short(effectiveNodes)} effective of ${units}${at}`;
}

function angleLine({ layers }: AnglesRecord, room: number): string {
  const { angle, degenerate } = layers[layers.length - 1];
  const line = sparkline(
    layers.map(({ angle }) => angle.value),
    Math.PI,
    room,
  );
  const mean = Number.isFinite(angle.value) ? `${plusMinus(angle)} rad, ` : "";
  return `${line}  ${mean}${percent(degenerate)} degenerate`;
}

function layerTable(page: Page, architecture: Architecture, diagnosis: Diagnosis): string[] {
  const { measurement, predictedAngles } = diagnosis;
  const { death, angles } = measurement;
  const shown = shownLayers(death.layers.length, 16);
  const [names, ...rows] = table(
    [
      ...layerColumns(architecture, shown),
      ...deathColumns(death.layers, shown),
      ...(angles
        ? [
            { heading: "angle (rad)", cells: shown.map((l) => plusMinus(angles.layers[l].angle)) },
            { heading: "ln sin²", cells: shown.map((l) => logarithm(angles.layers[l].logSin2.value)) },
            ...(predictedAngles
              ? [{ heading: "predicted", cells: shown.map((l) => logarithm(predictedAngles[l].mean)), optional: true }]
              : []),
            { heading: "degenerate", cells: shown.map((l) => percent(angles.layers[l].degenerate)), optional: true },
          ]
        : []),
    ],
    page.width,
  );
  return [page.dim(names), ...rows];
}

function findingLines(page: Page, { severity, pathology, layer, evidence, explanation, source }: Finding): string[] {
  const colour = severity === "degenerate" ? page.red : page.yellow;
  const paragraph = (text: string) => wrap(text, page.width, "    ");
  return [
    `  ${colour(page.bold(`${pathology.replaceAll("-", " ")}, layer ${layer}`))}`,
    ...paragraph(`${evidence}.`),
    ...paragraph(explanation),
    ...paragraph(source).map(page.dim),
  ];
}

/** Fixes shown; `advise` shows all. */
const mostFixes = 10;

function fixLines(page: Page, fixes: readonly Fix[]): string[] {
  const shown = fixes.slice(0, mostFixes);
  const columns = vitalColumns([fixes[0].before, ...shown.map(({ after }) => after)]);
  const changes = ["as it is", ...shown.map(({ change }) => change)];
  const [names, now, ...changed] = table(
    [{ heading: "change", align: "left", cells: changes, wraps: true }, ...columns],
    page.width,
  );
  return [
    `  ${page.bold("What would help")} ${page.dim("(computed)")}`,
    page.dim(names),
    page.dim(now),
    ...changed,
    ...(fixes.length > shown.length ? [page.dim(`  ${count(fixes.length - shown.length, "more change")}: sonde advise`)] : []),
  ];
}
