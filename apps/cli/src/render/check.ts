import { defaultPoints } from "@sonde/checkup/asked";
import { quote } from "@sonde/core";
import type { AnglesRecord } from "@sonde/metrics-correlation";
import type { Architecture } from "@sonde/nets";
import {
  changeOfVariance,
  type Diagnosis,
  type Failure,
  type Finding,
  type Fix,
  type GradientsExamined,
  type InputsRecord,
  type Measurement,
  type NodesRecord,
  type ScaleRecord,
  type Verdict,
  type WidthLimit,
  weightSpread,
} from "@sonde/predictor";
import { boundsText, interval, measuredOn } from "./death.js";
import { heading } from "./heading.js";
import { deathColumns, layerColumns } from "./layer-columns.js";
import { count, logarithm, percent, plusMinus, short } from "./numbers.js";
import type { Page } from "./page.js";
import { sparkline } from "./spark.js";
import { type Column, shownLayers, table } from "./table.js";
import { vitalColumns } from "./vital-columns.js";
import { labelled, wrap } from "./wrap.js";

export interface CheckReport {
  readonly model: string;
  readonly architecture: Architecture;
  readonly diagnosis: Diagnosis;
  readonly inputs: string;
  /** What the command line said of the effort, and how many points were taken. */
  readonly asked: { readonly networks?: number; readonly relError?: number; readonly points?: number; readonly used: number };
}

/** The report of `sonde check`. */
export function checkReport(page: Page, { model, architecture, diagnosis, inputs, asked }: CheckReport): string {
  const { verdict, failure, findings, fixes, measurement } = diagnosis;
  const { death } = measurement;
  const layers = death.layers.length;
  return [
    ...heading(page, model, architecture, measuredOn(death, inputs)),
    "",
    ...verdictLines(page, verdict, findings, layers),
    ...reasonLines(page, diagnosis),
    "",
    ...(failure ? failureLines(page, failure) : []),
    ...(layers > 0 ? vitalLines(page, diagnosis) : []),
    ...scaleLines(page, measurement),
    ...rateLines(page, measurement),
    ...longerLines(page, measurement, asked),
    ...(layers > 0 ? ["", ...layerTable(page, architecture, diagnosis), "", ...scaleTable(page, architecture, measurement)] : []),
    ...findings.flatMap((finding) => ["", ...findingLines(page, finding, layers)]),
    ...(fixes.length > 0 ? ["", ...fixLines(page, fixes)] : []),
  ].join("\n");
}

/** The verdict, and why. `layers` is the number of hidden layers. */
export function verdictLines(page: Page, verdict: Verdict, findings: readonly Finding[], layers: number): string[] {
  const colour = { healthy: page.green, "at-risk": page.yellow, degenerate: page.red }[verdict];
  const sign = { healthy: "✓", "at-risk": "!", degenerate: "✗" }[verdict];
  const why = bySeverity(findings)
    .filter(({ severity }) => severity !== "note")
    .map((finding) => `${finding.pathology.replaceAll("-", " ")} (${placeName(finding, layers)})`)
    .join(", ");
  const head = `  ${sign} ${verdict}`;
  const [first, ...rest] = why ? labelled(page, `${head}: `, why) : [head];
  return [colour(page.bold(head)) + first.slice(head.length), ...rest];
}

/** The worst first, otherwise as they are. */
function bySeverity(findings: readonly Finding[]): Finding[] {
  const order = ["degenerate", "at-risk", "note"];
  return [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/** What a finding points at: a recorded layer by number and name. */
function placeName({ layer, name }: Finding, layers: number): string {
  if (layer === 0) return "inputs";
  if (layer > layers) return "outputs";
  return name === undefined ? `layer ${layer}` : `layer ${layer}: ${quote(name).slice(1, -1)}`;
}

/** The first reason in a sentence, and the best cure. */
export function reasonLines(page: Page, { findings, fixes }: Pick<Diagnosis, "findings" | "fixes">): string[] {
  const [worst] = bySeverity(findings);
  const [best] = fixes;
  return [
    ...(worst && worst.severity !== "note" ? wrap(`${worst.evidence}.`, page.width, "    ") : []),
    ...(best ? wrap(`Best cure: ${best.change} - ${best.after.verdict}.`, page.width, "    ").map(page.bold) : []),
  ];
}

/** The mechanisms that are named beside a probability, and the share of its log-odds that makes one worth it. */
const named = { most: 3, share: 0.1 };

/** P(fails to train), what drives it, and by which recipe; where it is not calibrated, why. */
function failureLines(
  page: Page,
  { value, low, high, inRange, outside, recipe, contributions, targets, momentum }: Failure,
): string[] {
  if (!inRange) return labelled(page, "  P(fails)       ", `not calibrated: ${outside.join(", ")}`);
  const by = new Map<string, number>();
  for (const { mechanism, logOdds } of contributions) by.set(mechanism, (by.get(mechanism) ?? 0) + logOdds);
  const all = [...by.values()].reduce((sum, part) => sum + part, 0);
  const drives = [...by]
    .filter(([, part]) => part > named.share * all)
    .sort(([, a], [, b]) => b - a)
    .slice(0, named.most)
    .map(([mechanism, part]) => `${mechanism} +${part.toFixed(1)}`);
  const text = `${page.bold(percent(value))} (95 %: ${percent(low)} to ${percent(high)})${drives.length > 0 ? `; log-odds: ${drives.join(", ")}` : ""}`;
  const what = targets ? "the data's own labels" : "one of several functions and classes: give labels to know better";
  return [
    ...labelled(page, "  P(fails)       ", text),
    ...labelled(page, "                 ", `to learn ${what}, by ${recipe}; by momentum instead ${percent(momentum.value)}`),
  ];
}

/** What a longer run would add to a first answer. */
function longerLines(page: Page, { death, networks, interrupted }: Measurement, asked: CheckReport["asked"]): string[] {
  if (interrupted || asked.networks !== undefined || asked.relError !== undefined) return [];
  const fewer =
    asked.points === undefined && asked.used < defaultPoints
      ? `; --points ${defaultPoints} looks at as many instead of ${asked.used}, in ${Math.round(defaultPoints / asked.used)} times the time`
      : "";
  const error = short(death.standardError / 2);
  const text = `--networks ${4 * networks} halves the errors (P(born dead) ± ${error}), in about 4 times the time${fewer}`;
  return labelled(page, "  longer         ", text);
}

/** The step size that the tangent kernel allows. */
function rateLines(page: Page, { conditioning }: Measurement): string[] {
  if (!conditioning || !(conditioning.largestLearningRate < Number.POSITIVE_INFINITY)) return [];
  const { largestLearningRate, logLargest, points, networks } = conditioning;
  const error = Number.isFinite(logLargest.standardError)
    ? ` (within a factor of ${short(Math.exp(logLargest.standardError))})`
    : "";
  const text = `gradient descent on the squared error is stable up to a learning rate of ${short(largestLearningRate)}${error}, with momentum 0.9 up to ${short(1.9 * largestLearningRate)}; tangent kernel of ${points} points, ${networks} networks`;
  return labelled(page, "  learning rate  ", text);
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
    ...(nodes && nodes.layers[nodes.layers.length - 1].units > 1 ? [`  nodes          ${nodesLine(nodes, room)}`] : []),
    ...(widthLimit ? [`  width          ${widthLine(widthLimit, room)}`] : []),
  ];
}

/** Inputs, signal and outputs. */
function scaleLines(page: Page, measurement: Measurement): string[] {
  const { inputs, scale } = measurement;
  const room = Math.min(40, page.width - 60);
  const lines = [...labelled(page, "  inputs         ", inputsText(inputs))];
  if (!scale) return lines;
  const { layers, output, growth } = scale;
  if (layers.length > 0) {
    const line = logarithmLine(
      layers.map(({ logMeanSquare }) => logMeanSquare.value),
      room,
    );
    const change = changeOfVariance(scale);
    const says = [
      ...(change && Number.isFinite(change.value) ? [`ln variance ${signed(change.value)} against the inputs'`] : []),
      ...(growth ? [`mean square x${short(Math.exp(growth.value))} a layer`] : []),
    ];
    lines.push(...labelled(page, "  signal         ", `${line}  ${says.join(", ")}`));
  }
  return [...lines, ...gradientLine(page, measurement, room), ...labelled(page, "  outputs        ", outputsText(output))];
}

/** Logarithms as a line of bars: the smallest is the shortest. */
function logarithmLine(values: readonly number[], room: number): string {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return sparkline(
    values.map((value) => value - low + 1),
    high - low + 1,
    room,
  );
}

function gradientLine(page: Page, { gradients }: Measurement, room: number): string[] {
  const levels = (gradients?.layers ?? []).map(({ activations }) => activations.mean ?? Number.NaN);
  if (!gradients || levels.every((level) => !Number.isFinite(level))) return [];
  const line = logarithmLine(levels, room);
  const spread = weightSpread(gradients);
  const says = [
    ...(gradients.firstOverLast ? [`ln mean square, first over last: ${signed(gradients.firstOverLast.value)}`] : []),
    ...(spread ? [`ln |dL/dW| differs by ${spread.value.toFixed(2)}`] : []),
  ];
  return labelled(page, "  gradient       ", `${line}  ${says.join(", ")}`);
}

export function inputsText(inputs: InputsRecord): string {
  const { points, columns, low, high, meanSquare, meanShare, constantColumns, duplicateColumns } = inputs;
  const { leftOut, pairs } = inputs.indistinguishablePairs;
  const parts = [
    `${short(low)} to ${short(high)}, root mean square ${short(Math.sqrt(meanSquare))}`,
    ...(points > 1 ? [`${percent(meanShare < 1e-12 ? 0 : meanShare)} of the power is the mean`] : []),
    ...(constantColumns.length > 0 ? [`${constantColumns.length} of ${columns} columns constant`] : []),
    ...(duplicateColumns.length > 0 ? [`${count(duplicateColumns.length, "duplicate column")}`] : []),
    ...(inputs.zeroPoints > 0 ? [`${count(inputs.zeroPoints, "zero point")}`] : []),
    ...(inputs.duplicatePoints > 0 ? [`${count(inputs.duplicatePoints, "duplicate point")}`] : []),
    ...(leftOut > 0 ? [`${leftOut} of ${count(pairs, "pair")} on one ray or zero, left out below`] : []),
  ];
  return parts.join("; ");
}

function outputsText({ outputs, activation, mean, spread, dead, crossEntropy }: ScaleRecord["output"]): string {
  const constant = Math.log(Math.max(2, outputs));
  const classifies = outputs > 1 || activation === "sigmoid";
  return [
    count(outputs, `${activation ?? "linear"} output`),
    `mean ${plusMinus(mean)}, spread over the inputs ${short(spread.value)}`,
    ...(dead.value > 0 ? [`${percent(dead.value)} dead`] : []),
    ...(classifies ? [`cross-entropy ${short(crossEntropy.value)} (of a constant ${short(constant)})`] : []),
  ].join("; ");
}

/** A number with its sign. */
export function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${value.toFixed(2)}`;
}

/** Scale, units and slopes, layer by layer. */
function scaleTable(page: Page, architecture: Architecture, { scale, gradients }: Measurement): string[] {
  if (!scale || scale.layers.length === 0) return [];
  const { layers, predicted } = scale;
  const shown = shownLayers(layers.length, 16);
  const share = (name: "slope" | "saturated" | "linear", heading: string): Column[] =>
    layers.some((layer) => layer[name])
      ? [{ heading, cells: shown.map((l) => percent(layers[l][name]?.value ?? Number.NaN)), optional: true }]
      : [];
  const [names, ...rows] = table(
    [
      ...layerColumns(architecture, shown),
      { heading: "ln mean square", cells: shown.map((l) => plusMinus(layers[l].logMeanSquare)) },
      ...(predicted ? [{ heading: "predicted", cells: shown.map((l) => logarithm(predicted[l].logMeanSquare)) }] : []),
      { heading: "ln variance", cells: shown.map((l) => plusMinus(layers[l].logVariance)) },
      ...(gradients ? [{ heading: "ln gradient", cells: shown.map((l) => gradientText(gradients.layers[l])) }] : []),
      { heading: "dead units", cells: shown.map((l) => percent(layers[l].deadUnits.value)), optional: true },
      ...share("slope", "mean slope"),
      ...share("saturated", "saturated"),
      ...share("linear", "linear"),
    ],
    page.width,
  );
  return [page.dim(names), ...rows];
}

function gradientText({ activations: { mean, standardError } }: GradientsExamined["layers"][number]): string {
  return mean === undefined ? "–" : plusMinus({ value: mean, standardError: standardError ?? Number.NaN });
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

/** A finding in full. */
export function findingLines(page: Page, finding: Finding, layers: number): string[] {
  const { severity, pathology, evidence, explanation, source } = finding;
  const colour = { note: page.dim, "at-risk": page.yellow, degenerate: page.red }[severity];
  const note = severity === "note" ? " (a note: networks like it learn all the same)" : "";
  const paragraph = (text: string) => wrap(text, page.width, "    ");
  return [
    `  ${colour(page.bold(`${pathology.replaceAll("-", " ")}, ${placeName(finding, layers)}`))}${page.dim(note)}`,
    ...paragraph(`${evidence}.`),
    ...paragraph(explanation),
    ...paragraph(source).map(page.dim),
  ];
}

/** Fixes shown, and of them those that touch the same; `advise` shows all. */
const [mostFixes, mostAlike] = [10, 2];

function isAlike({ families: own }: Fix): (other: Fix) => boolean {
  return ({ families }) => families.join() === own.join();
}

function fixLines(page: Page, fixes: readonly Fix[]): string[] {
  const shown = fixes.filter((fix, k) => fixes.slice(0, k).filter(isAlike(fix)).length < mostAlike).slice(0, mostFixes);
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
