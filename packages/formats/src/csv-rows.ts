import { FormatError } from "@sonde/core";
import { eachField } from "./csv-fields.js";
import { csvLabels } from "./csv-labels.js";
import type { CsvLayout } from "./csv-layout.js";
import { csvLines } from "./csv-lines.js";
import { finiteNumber } from "./csv-number.js";
import type { Points, Selection } from "./point-table.js";

/** The chosen rows as numbers. Throws `FormatError` naming line and column. */
export function readCsvRows(bytes: Uint8Array, layout: CsvLayout, { rows, label }: Selection = {}): Points {
  const features = layout.columns - (label === undefined ? 0 : 1);
  const count = rows?.length ?? layout.rows;
  const values = new Float64Array(count * features);
  const labels = new Float64Array(label === undefined ? 0 : count);
  const reader = csvLabels();
  // The text is read from the top, so positions are visited in the order of their rows
  const positions = rows && Uint32Array.from(rows, (_, i) => i).sort((a, b) => rows[a] - rows[b]);
  let done = 0;
  let index = layout.header ? -2 : -1;
  for (const line of csvLines(bytes)) {
    if (done === count) break;
    index++;
    if (index < 0) continue;
    const position = positions ? positions[done] : index;
    if (rows && rows[position] !== index) continue;
    done++;
    let to = position * features;
    let columns = 0;
    eachField(line.text(), line.number, layout.separator, (field, column) => {
      columns = column;
      if (column > layout.columns) return;
      if (column - 1 === label) labels[position] = reader.number(field, line.number, column);
      else values[to++] = finiteNumber(field, line.number, column);
    });
    if (columns !== layout.columns)
      throw new FormatError(
        `line ${line.number} has ${columns} columns, but line ${layout.firstLine} has ${layout.columns}: every line needs as many`,
      );
  }
  return label === undefined ? { values } : { values, labels, labelNames: reader.names() };
}
