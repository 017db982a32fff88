import { FormatError, quote } from "@sonde/core";
import { eachField, type Separator, separatorOf } from "./csv-fields.js";
import { csvLines } from "./csv-lines.js";
import { looksNumeric } from "./csv-number.js";
import { maxColumns } from "./limits.js";

/** What a first pass over the text tells, without turning any value into a number. */
export interface CsvLayout {
  readonly separator: Separator;
  readonly header?: readonly string[];
  readonly rows: number;
  readonly columns: number;
  /** The line that set the number of columns. */
  readonly firstLine: number;
}

/** The layout of UTF-8 text. Throws `FormatError` if it has no rows. */
export function csvLayout(bytes: Uint8Array): CsvLayout {
  let first: { separator: Separator; fields: string[]; number: number } | undefined;
  let lines = 0;
  for (const line of csvLines(bytes)) {
    lines++;
    if (first) continue;
    const text = line.text();
    const separator = separatorOf(text);
    const fields: string[] = [];
    eachField(text, line.number, separator, (field, column) => {
      if (column > maxColumns) throw new FormatError(`line ${line.number} has more than ${maxColumns} columns`);
      fields.push(field);
    });
    first = { separator, fields, number: line.number };
  }
  if (!first) throw new FormatError("there are no rows: expected one point in each line");
  const { separator, fields, number } = first;
  const layout = { separator, columns: fields.length, firstLine: number };
  // Names only: a first row with even one number in it is data, so that a slip of the pen in it is found
  if (fields.some((field) => field !== "") && fields.every((field) => field === "" || !looksNumeric(field))) {
    if (lines === 1) throw new FormatError(`there are no rows of numbers: line ${number} is ${quote(fields.join(separator))}`);
    return { ...layout, header: fields, rows: lines - 1 };
  }
  return { ...layout, rows: lines };
}
