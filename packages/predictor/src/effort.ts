import type { Matrix } from "@sonde/core";
import { wholeBudget } from "./few-networks.js";
import { sampledRows } from "./looked-at.js";
import type { MeasureOptions } from "./measurement.js";

/** How changes are measured. */
export interface Effort extends MeasureOptions {
  /** Elementary steps (of about a tenth of a nanosecond) that one change may take: fewer networks are drawn for it where that is too little. */
  readonly mostWork: number;
}

/** Values of all points together with which a change is tried. */
const mostValues = 2 ** 14;

/** A fraction of a diagnosis' work, on fewer points where these are large: numbers that guide a choice. What takes several times that is left out. */
export function briefEffort({ budget = wholeBudget, data, targets, ...options }: MeasureOptions): Effort {
  const { seed = 0 } = options;
  const fewer = (rows: Matrix<Float64Array>) => sampledRows(rows, Math.max(64, Math.floor(mostValues / (data?.cols ?? 1))), seed);
  return {
    ...options,
    // Targets are those of the same rows: which are drawn depends on their number and the seed alone.
    data: data && fewer(data),
    targets: targets && fewer(targets),
    budget: budget / 64,
    mostWork: budget / 2,
    pairs: 64,
    networks: undefined,
    relativeError: undefined,
  };
}
