import { csvLayout } from "./csv-layout.js";
import { readCsvRows } from "./csv-rows.js";
import type { PointTable } from "./point-table.js";

/** The points in CSV text. */
export function csvPoints(bytes: Uint8Array): PointTable {
  const layout = csvLayout(bytes);
  return {
    rows: layout.rows,
    pointShape: [layout.columns],
    header: layout.header,
    read: (selection) => readCsvRows(bytes, layout, selection),
  };
}
