import type { Estimate } from "@sonde/core";
import { type Architecture, hiddenLayers } from "@sonde/nets";
import type { Advice, Finding, Fix, Vitals } from "@sonde/predictor";
import { verdictLines } from "./check.js";
import { measuredOn } from "./death.js";
import { heading } from "./heading.js";
import { count, percent, plusMinus, plusMinusPercent, thousands } from "./numbers.js";
import type { Page } from "./page.js";
import { type Column, table } from "./table.js";
import { spreadFactor } from "./vital-columns.js";
import { labelled, wrap } from "./wrap.js";

export interface AdviseReport {
  readonly model: string;
  readonly architecture: Architecture;
  readonly advice: Advice;
  readonly findings: readonly Finding[];
  readonly inputs: string;
  /** What `--save` wrote. */
  readonly saved?: { readonly file?: string; readonly change: string; readonly with: string };
}

/** The report of `sonde advise`. */
export function adviseReport(page: Page, { model, architecture, advice, findings, inputs, saved }: AdviseReport): string {
  const { vitals, measurement, compared } = advice;
  return [
    ...heading(page, model, architecture, measuredOn(measurement.death, inputs)),
    "",
    ...verdictLines(page, vitals.verdict, findings, hiddenLayers(architecture).length),
    ...cureLines(page, advice),
    ...(saved ? ["", ...savedLines(page, saved)] : []),
    ...(compared.length > 0 ? ["", ...comparison(page, advice), "", ...notes(page, compared)] : []),
  ].join("\n");
}

function cureLines(page: Page, { vitals, cures, parameters }: Advice): string[] {
  if (vitals.verdict === "healthy") return [];
  const [smallest, ...others] = cures;
  if (!smallest)
    return ["", ...wrap("No single change that was tried makes it healthy, and no two of the best together.", page.width, "  ")];
  return [
    "",
    `  ${page.bold("The smallest change that makes it healthy")}`,
    ...wrap(page.bold(smallest.change), page.width, "    "),
    `    ${count(parameters, "parameter")} before, ${thousands(smallest.parameters)} after`,
    ...beforeAfter(page, smallest),
    ...(others.length > 0 ? ["", "  Larger changes that do too"] : []),
    ...others.flatMap(({ change, parameters: after }) => labelled(page, "    ", `${count(after, "parameter")}: ${change}`)),
  ];
}

function savedLines(page: Page, { file = "", change, with: inputs }: NonNullable<AdviseReport["saved"]>): string[] {
  const use = `sonde check ${file}${inputs && ` ${inputs}`}`;
  return wrap(`Saved with ${change}: ${use}`, page.width, "  ");
}

function beforeAfter(page: Page, { before, after }: Fix): string[] {
  const [names, ...rows] = table(
    [{ heading: "", align: "left", cells: ["  before", "  after"] }, ...numbers([before, after])],
    page.width,
  );
  return [page.dim(names), ...rows];
}

/** All remedies, one by one. */
function comparison(page: Page, { vitals, parameters, compared }: Advice): string[] {
  const columns: Column[] = [
    { heading: "remedy", align: "left", cells: ["as it is", ...compared.map(({ remedies }) => remedies.join(" and "))] },
    { heading: "params", cells: [String(parameters), ...compared.map((fix) => difference(fix.parameters - parameters))] },
    ...numbers([vitals, ...compared.map(({ after }) => after)]),
  ];
  const [names, now, ...rows] = table(columns, page.width);
  return [
    `  ${page.bold("All remedies, one by one")} ${page.dim("(estimate ± standard error)")}`,
    page.dim(names),
    page.dim(now),
    ...rows,
  ];
}

/** With one digit of each error: there are many of them. */
function numbers(vitals: readonly Vitals[]): Column[] {
  return [
    { heading: "born dead", cells: vitals.map(({ bornDead }) => plusMinusPercent(bornDead, 1)) },
    { heading: "living", cells: vitals.map(({ livingRatio }) => plusMinusPercent(livingRatio, 1)) },
    { heading: "ln sin²", cells: vitals.map(({ logSin2 }) => (logSin2 ? plusMinusLogarithm(logSin2) : "–")) },
    { heading: "degenerate", cells: vitals.map(({ degenerate }) => percent(degenerate?.value ?? Number.NaN)), optional: true },
    { heading: "variance", cells: vitals.map(({ logSpread }) => spreadFactor(logSpread)) },
    { heading: "verdict", align: "left", cells: vitals.map(({ verdict }) => verdict) },
  ];
}

function plusMinusLogarithm(estimate: Estimate): string {
  return Math.abs(estimate.value) < 1e-12 ? "0" : plusMinus(estimate, 1);
}

function difference(more: number): string {
  return more === 0 ? "same" : `${more > 0 ? "+" : ""}${more}`;
}

/** What the columns mean, and what every remedy asks for and leaves. */
function notes(page: Page, compared: readonly Fix[]): string[] {
  return [
    `  ${page.bold("What they ask for, and what they leave")}`,
    ...compared.flatMap(({ remedies, change, cost, leaves }) => [
      ...labelled(page, `    ${remedies.join(" and ")}: `, change),
      ...wrap(`asks for ${cost}; leaves: ${leaves}`, page.width, "      ").map(page.dim),
    ]),
    "",
    ...wrap(
      "Living points, ln sin² and degenerate pairs are those of the last hidden layer; variance is the factor by which its variance over the points differs from the inputs' (geometric mean over the networks that are not constant).",
      page.width,
      "  ",
    ).map(page.dim),
  ];
}
