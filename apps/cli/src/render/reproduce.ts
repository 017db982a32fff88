import type { Claim, Comparison, Reproduction, Scale, Verdict } from "@sonde/papers";
import { plusMinus, short } from "./numbers.js";
import type { Page } from "./page.js";
import { table } from "./table.js";
import { labelled, wrap } from "./wrap.js";

/** A row of the list of claims. */
interface ListedClaim {
  readonly claim: string;
  readonly number: string;
  readonly sentence: string;
  readonly seconds: Readonly<Record<Scale, number>>;
  readonly recorded: Verdict;
}

/** The report of `sonde reproduce` without a claim. */
export function claimList(page: Page, rows: readonly ListedClaim[]): string {
  const column = (heading: string, of: (row: ListedClaim) => string, rest = {}) => ({ heading, cells: rows.map(of), ...rest });
  const [names, ...lines] = table(
    [
      column("", ({ number }) => number, { align: "left" }),
      column("claim", ({ claim }) => claim, { align: "left" }),
      column("the paper says", ({ sentence }) => sentence, { align: "left", wraps: true }),
      column("quick", ({ seconds }) => duration(seconds.quick)),
      column("standard", ({ seconds }) => duration(seconds.standard)),
      column("full", ({ seconds }) => duration(seconds.full)),
    ],
    page.width,
  );
  const counts = [...new Set(rows.map(({ recorded }) => recorded))].map(
    (verdict) => `${rows.filter(({ recorded }) => recorded === verdict).length} ${verdict}`,
  );
  return [
    `  ${page.bold("The claims of five papers")}`,
    page.dim(`  recorded at standard scale: ${counts.join(", ")}`),
    "",
    page.dim(names),
    ...lines,
    "",
    ...wrap("Times are of one core. sonde reproduce CLAIM measures one, sonde reproduce PAPER all of a paper.", page.width, "  "),
  ].join("\n");
}

const marks: Readonly<Record<Comparison["outcome"], string>> = { holds: "✓", fails: "✗", undecided: "?" };

/** The report of one claim: what the paper says, every number beside what is expected of it, and the verdict. */
export function claimReport(page: Page, claim: Claim, { comparisons, verdict, interrupted, parts }: Reproduction): string {
  const paint = verdict === "not confirmed" ? page.red : verdict.startsWith("confirmed") ? page.green : page.yellow;
  const top = [
    `  ${page.bold(claim.id)}`,
    ...wrap(claim.sentence, page.width, "  "),
    ...wrap(`measured: ${claim.runs}`, page.width, "  ").map(page.dim),
    "",
  ];
  if (interrupted) return [...top, `  ${parts.length} parts are finished, so nothing is compared yet`].join("\n");
  const [names, ...lines] = table(
    [
      { heading: "", cells: comparisons.map(({ outcome }) => marks[outcome]), align: "left" },
      { heading: "what", cells: comparisons.map(({ what }) => what), align: "left", wraps: true },
      { heading: "ours", cells: comparisons.map(({ ours }) => valueText(ours)), align: "left" },
      { heading: "expected", cells: comparisons.map(expectedText), align: "left" },
      { heading: "origin", cells: comparisons.map(({ expected }) => expected.origin), align: "left" },
    ],
    page.width,
  );
  const correction = verdict === "confirmed with a correction" && claim.correction ? [`: ${claim.correction}`] : [""];
  return [
    ...top,
    page.dim(names),
    ...lines,
    "",
    ...labelled(page, "  ", `${verdict}${correction}`).map((line, k) => (k === 0 ? paint(line) : line)),
  ].join("\n");
}

function expectedText({ rule, expected }: Comparison): string {
  const sign = { equal: "", above: "≥ ", below: "≤ " }[rule];
  return `${sign}${valueText(expected)}`;
}

function valueText({ value, standardError = 0 }: { readonly value: number; readonly standardError?: number }): string {
  return plusMinus({ value, standardError });
}

function duration(seconds: number): string {
  if (seconds < 100) return `${short(seconds)} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
