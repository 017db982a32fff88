import type { Row } from "./rows.js";

/**
 * A line of CSV (RFC 4180) with these columns: numbers in the fewest digits that lead to the same bits again, nothing where there is no value.
 *
 * @example
 * csvLine(["a", "b", "c"], { a: 0.1, b: "x,y" }) // "0.1,\"x,y\",\r\n"
 */
export function csvLine(columns: readonly string[], row: Row): string {
  return `${columns.map((name) => field(row[name])).join(",")}\r\n`;
}

/** The line that names the columns. */
export function csvHeader(columns: readonly string[]): string {
  return `${columns.map(field).join(",")}\r\n`;
}

function field(value: Row[string] | undefined): string {
  if (value === null || value === undefined) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
