import { type BasicType, type ColumnSource, fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import type { Column } from "../../results/columns.js";
import type { Row } from "../../results/rows.js";

/** A Parquet file that rows are appended to. */
export interface ParquetFile {
  readonly append: (row: Row) => void;
  /** Writes what is left, and the end that makes it a file. */
  readonly close: () => void;
}

/** Rows of a group: memory does not grow beyond one. */
const groupRows = 50_000;

/** Opens a Parquet file with these columns, compressed with Snappy; a value that a row does not have, or that is no finite number, is null and never NaN. */
export function openParquet(path: string, columns: readonly Column[], metadata: Readonly<Record<string, string>>): ParquetFile {
  const source = (data: unknown[][]): ColumnSource[] =>
    columns.map(({ name, type }, c) => ({ name, type: type as BasicType, nullable: true, data: data[c] }));
  const empty = () => columns.map((): unknown[] => []);
  const parquet = new ParquetWriter({
    writer: fileWriter(path),
    schema: schemaFromColumnData({ columnData: source(empty()) }),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    createdBy: "sonde",
  });
  let group = empty();
  const flush = () => {
    // The types stand in the schema.
    const columnData = source(group).map(({ name, data }) => ({ name, data }));
    if (group[0]?.length) parquet.write({ columnData, rowGroupSize: groupRows });
    group = empty();
  };
  return {
    append(row) {
      for (let c = 0; c < columns.length; c++) group[c].push(storedValue(row[columns[c].name], columns[c].type));
      if (group[0].length === groupRows) flush();
    },
    close() {
      flush();
      parquet.finish();
    },
  };
}

function storedValue(value: Row[string] | undefined, type: Column["type"]): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case "STRING":
      return String(value);
    case "INT64":
      return BigInt(value);
    default:
      return typeof value === "number" && !Number.isFinite(value) ? null : value;
  }
}
