import { FormatError } from "@sonde/core";
import type { Separator } from "./csv-fields.js";
import { csvLayout } from "./csv-layout.js";
import { readCsvRows } from "./csv-rows.js";
import { byteCount, maxPointBytes } from "./limits.js";

/** A table of numbers: `shape` is `[rows, columns]`, `data` row-major. */
export interface CsvTable {
  readonly shape: readonly [number, number];
  readonly data: Float64Array;
  /** The names of the columns, if the text begins with them. */
  readonly header?: readonly string[];
  readonly separator: Separator;
}

/**
 * The numbers in comma-separated text, or UTF-8 bytes of it; `text -> [rows, columns]`.
 *
 * The separator is the first of `;`, `,` and tab found in the first line, else blanks. A first line without any number is a header. Empty lines and
 * lines that begin with `#` are skipped; lines end with LF, CRLF or CR; values may be quoted.
 *
 * Throws `FormatError` naming line and column for anything that is not a finite decimal number, and for lines of different length.
 *
 * @example
 * parseCsv("x,y\n1,2\n3,4").data[3] // 4
 */
export function parseCsv(text: string | Uint8Array): CsvTable {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const layout = csvLayout(bytes);
  const { rows, columns, header, separator } = layout;
  if (rows * columns * 8 > maxPointBytes)
    throw new FormatError(`${rows} rows of ${columns} columns take more than ${byteCount(maxPointBytes)}: read fewer rows`);
  return { shape: [rows, columns], data: readCsvRows(bytes, layout).values, header, separator };
}
