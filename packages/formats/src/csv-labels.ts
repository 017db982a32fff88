import { FormatError, quote } from "@sonde/core";
import { finiteNumber, looksNumeric } from "./csv-number.js";

/** The most names that labels may have. */
const maxNames = 2 ** 16;

/** Labels as numbers: the first one decides whether they are numbers themselves or names, which are numbered as they appear. */
export interface CsvLabels {
  readonly number: (field: string, line: number, column: number) => number;
  /** The names in the order of their numbers; undefined if the labels are numbers. */
  readonly names: () => string[] | undefined;
}

export function csvLabels(): CsvLabels {
  let named: Map<string, number> | undefined;
  let first: string | undefined;
  const number = (field: string, line: number, column: number) => {
    if (first === undefined) {
      first = field;
      if (field !== "" && !looksNumeric(field)) named = new Map();
    }
    if (named === undefined) return finiteNumber(field, line, column);
    if (field === "" || looksNumeric(field))
      throw new FormatError(
        `line ${line}, column ${column} is the label ${quote(field)} where another is the name ${quote(first)}`,
      );
    const known = named.get(field) ?? named.size;
    if (known === maxNames)
      throw new FormatError(`column ${column} holds more than ${maxNames} different names: expected labels`);
    named.set(field, known);
    return known;
  };
  return { number, names: () => named && [...named.keys()] };
}
