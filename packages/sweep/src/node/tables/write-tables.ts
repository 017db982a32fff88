import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { quote } from "@sonde/core";
import { type Column, columnFinder } from "../../results/columns.js";
import { csvHeader, csvLine } from "../../results/csv.js";
import { cellParts, joinedRow, layerParts, type RowParts } from "../../results/rows.js";
import type { Merged } from "../merge.js";
import { StoreError } from "../store/writer.js";
import { openParquet } from "./parquet.js";
import { openText } from "./text-file.js";

/** Files that were written, with their rows. */
export interface TableFiles {
  readonly files: readonly { readonly path: string; readonly rows: number }[];
}

/** A table that grows row by row. */
interface Table {
  readonly append: (parts: RowParts) => void;
  readonly close: () => void;
}

/**
 * Writes all records of a store into a folder: `records.jsonl` as they are, and two flat tables, `cells` with a row a cell and `layers` with a row a cell and layer (where there are layers), each as
 * CSV and as Parquet. Each file is written beside its place and renamed when all are complete. The same records give the same bytes.
 *
 * `metadata` goes into the Parquet files. Throws `StoreError` where the folder cannot be written.
 */
export function writeTables(folder: string, merged: Merged, metadata: Readonly<Record<string, string>> = {}): TableFiles {
  const [cells, layers] = [tableShape(), tableShape()];
  for (const { record } of merged.records()) {
    cells.see(cellParts(record));
    for (const parts of layerParts(record)) layers.see(parts);
  }
  const shapes = [cells.end(), layers.end()];
  const names = ["cells", "layers"].filter((_, t) => t === 0 || shapes[t].rows > 0);
  const files = [
    { name: "records.jsonl", rows: merged.done },
    ...names.flatMap((name, t) => ["csv", "parquet"].map((ending) => ({ name: `${name}.${ending}`, rows: shapes[t].rows }))),
  ];
  const beside = (name: string) => join(folder, `.${name}.${process.pid}.tmp`);
  try {
    const text = openText(beside("records.jsonl"));
    const tables = names.map((name, t) => openTable(beside(`${name}.csv`), beside(`${name}.parquet`), shapes[t], metadata));
    for (const { line, record } of merged.records()) {
      text.append(`${line}\n`);
      tables[0].append(cellParts(record));
      for (const parts of layerParts(record)) tables[1].append(parts);
    }
    for (const { close } of [text, ...tables]) close();
    for (const { name } of files) renameSync(beside(name), join(folder, name));
    // Of an earlier merge.
    if (names.length === 1) for (const ending of ["csv", "parquet"]) rmSync(join(folder, `layers.${ending}`), { force: true });
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new StoreError(`tables cannot be written into ${quote(folder)} (${code}): make room there, or give another folder`);
  } finally {
    for (const { name } of files) rmSync(beside(name), { force: true });
  }
  return { files: files.map(({ name, rows }) => ({ path: join(folder, name), rows })) };
}

function openTable(csvPath: string, parquetPath: string, shape: Shape, metadata: Readonly<Record<string, string>>): Table {
  const names = shape.columns.map(({ name }) => name);
  const csv = openText(csvPath);
  const parquet = openParquet(parquetPath, shape.columns, metadata);
  csv.append(csvHeader(names));
  return {
    append(parts) {
      const row = joinedRow(parts, shape.settings);
      csv.append(csvLine(names, row));
      parquet.append(row);
    },
    close() {
      csv.close();
      parquet.close();
    },
  };
}

interface Shape {
  readonly columns: readonly Column[];
  readonly settings: ReadonlySet<string>;
  readonly rows: number;
}

/** Learns the columns of a table from all its rows: settings first, then results. */
function tableShape() {
  const [heads, found] = [columnFinder(), columnFinder()];
  let rows = 0;
  return {
    see(parts: RowParts) {
      heads.see(parts.head);
      found.see(parts.found);
      rows++;
    },
    end(): Shape {
      const first = heads.columns();
      const settings = new Set(first.map(({ name }) => name));
      const rest = found.columns().map(({ name, type }) => ({ name: settings.has(name) ? `result_${name}` : name, type }));
      return { columns: [...first, ...rest], settings, rows };
    },
  };
}
