import type { Estimate } from "@sonde/core";
import type { Vitals } from "@sonde/predictor";
import { logarithm, percent, short } from "./numbers.js";
import type { Column } from "./table.js";

/** The numbers that changes are compared by, one row for each of these vitals. */
export function vitalColumns(vitals: readonly Vitals[]): Column[] {
  const share = (heading: string, of: (vitals: Vitals) => Estimate | undefined): Column[] =>
    // A number that is nowhere worth a word is left out.
    vitals.some((own) => (of(own)?.value ?? 0) > 0.01)
      ? [{ heading, cells: vitals.map((own) => percent(of(own)?.value ?? Number.NaN)), optional: true }]
      : [];
  const calibrated = vitals.some(({ failure }) => failure?.inRange);
  return [
    ...(calibrated ? [{ heading: "P(fails)", cells: vitals.map(chance) }] : []),
    { heading: "born dead", cells: vitals.map(({ bornDead }) => percent(bornDead.value)) },
    { heading: "ln sin²", cells: vitals.map(({ logSin2 }) => logarithm(logSin2?.value ?? Number.NaN)) },
    { heading: "verdict", align: "left", cells: vitals.map(({ verdict }) => verdict) },
    { heading: "variance", cells: vitals.map(({ logSpread }) => spreadFactor(logSpread)), optional: true },
    ...share("degenerate", ({ degenerate }) => degenerate),
    ...share("saturated", ({ saturated }) => saturated),
    ...share("dead outputs", ({ deadOutputs }) => deadOutputs),
  ];
}

/** P(fails to train), where it is calibrated. */
function chance({ failure }: Vitals): string {
  return failure?.inRange ? percent(failure.value) : "–";
}

/** What becomes of the inputs' variance, as a factor. */
export function spreadFactor(logSpread: Estimate | undefined): string {
  return logSpread && Number.isFinite(logSpread.value) ? `x${short(Math.exp(logSpread.value))}` : "–";
}
