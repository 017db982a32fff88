import { wholeBudget } from "./few-networks.js";
import { sampledRows } from "./looked-at.js";
import type { MeasureOptions } from "./measurement.js";

/** How changes are measured. */
export interface Effort extends MeasureOptions {
  /** Elementary steps (of about a tenth of a nanosecond) that one change may take: fewer networks are drawn for it where that is too little. */
  readonly mostWork: number;
}

/** Values of all points together with which a change is tried. */
const mostValues = 2 ** 16;

/** A fraction of a diagnosis' work, on fewer points where these are large: numbers that guide a choice. What takes several times that is left out. */
export function briefEffort({ budget = wholeBudget, data, ...options }: MeasureOptions): Effort {
  const { seed = 0 } = options;
  return {
    ...options,
    data: data && sampledRows(data, Math.max(64, Math.floor(mostValues / data.cols)), seed),
    budget: budget / 160,
    mostWork: budget / 5,
    pairs: 64,
    networks: undefined,
    relativeError: undefined,
  };
}
