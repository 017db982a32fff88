import { csvLayout } from "./csv-layout.js";
import { looksNumeric } from "./csv-number.js";
import { readCsvRows } from "./csv-rows.js";
import type { Points, PointTable } from "./point-table.js";

/** The points in CSV text. */
export function csvPoints(bytes: Uint8Array): PointTable {
  const layout = csvLayout(bytes);
  return {
    rows: layout.rows,
    pointShape: [layout.columns],
    header: layout.header,
    read: (selection) => {
      const { values, labels } = readCsvRows(bytes, layout, selection);
      return selection.label === undefined ? { values } : { values, ...numberLabels(labels) };
    },
  };
}

/** Labels as numbers if all of them are, else numbered by name in the order in which the names appear. */
function numberLabels(labels: readonly string[]): Pick<Points, "labels" | "labelNames"> {
  const values = Float64Array.from(labels, Number);
  if (labels.every((label, i) => looksNumeric(label) && Number.isFinite(values[i]))) return { labels: values };
  const numbers = new Map<string, number>();
  for (const label of labels) if (!numbers.has(label)) numbers.set(label, numbers.size);
  return { labels: Float64Array.from(labels, (label) => numbers.get(label) as number), labelNames: [...numbers.keys()] };
}
