import type { Vitals } from "@sonde/predictor";
import { logarithm, percent } from "./numbers.js";
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
