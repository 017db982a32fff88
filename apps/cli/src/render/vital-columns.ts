import type { Estimate } from "@sonde/core";
import type { Vitals } from "@sonde/predictor";
import { logarithm, percent, short } from "./numbers.js";
import type { Column } from "./table.js";

/** The numbers that changes are compared by, one row for each of these vitals. */
export function vitalColumns(vitals: readonly Vitals[]): Column[] {
  return [
    { heading: "born dead", cells: vitals.map(({ bornDead }) => percent(bornDead.value)) },
    { heading: "degenerate", cells: vitals.map(({ degenerate }) => percent(degenerate?.value ?? Number.NaN)) },
    { heading: "ln sin²", cells: vitals.map(({ logSin2 }) => logarithm(logSin2?.value ?? Number.NaN)) },
    { heading: "verdict", align: "left", cells: vitals.map(({ verdict }) => verdict) },
  ];
}

/** What becomes of the inputs' variance, as a factor. */
export function spreadFactor(logSpread: Estimate | undefined): string {
  return logSpread && Number.isFinite(logSpread.value) ? `x${short(Math.exp(logSpread.value))}` : "–";
}
