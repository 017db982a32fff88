import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { quote } from "@sonde/core";
import { type Column, columnFinder } from "../../results/columns.js";
import { csvHeader, csvLine } from "../../results/csv.js";
import { cellParts, joinedRow, layerParts, type Row, type RowParts } from "../../results/rows.js";
import type { Merged } from "../merge.js";
import { StoreError } from "../store/writer.js";
import { type ParquetFile, openParquet } from "./parquet.js";

/** Files that were written, with their rows. */
export interface TableFiles {
  readonly files: readonly { readonly path: string; readonly rows: number }[];
}

/** Lines that are written at once. */
const atOnce = 1000;

/**
 * Writes all records of a store into a folder: `records.jsonl` as they are, and two flat tables, `cells` with a row a cell and `layers` with a row a cell and layer (where there are layers), each as
 * CSV and as Parquet. Each file is written beside its place and renamed when complete. The same records give the same bytes.
 *
 * `metadata` goes into the Parquet files. Throws `StoreError` where the folder cannot be written.
 */
export function writeTables(folder: string, merged: Merged, metadata: Readonly<Record<string, string>> = {}): TableFiles {
  const [cells, layers] = [tableShape(), tableShape()];
  for (const record of merged.records()) {
    cells.see(cellParts(record));
    for (const parts of layerParts(record)) layers.see(parts);
  }
  const files: { path: string; rows: number }[] = [];
  const write = (name: string, rows: number, fill: (temporary: string) => void) => {
    const path = join(folder, name);
    whole(path, fill);
    files.push({ path, rows });
  };
  write("records.jsonl", merged.done, (file) => writeText(file, map(merged.lines(), (line) => `${line}\n`)));
  const table = (name: string, { columns, names, rows: count, row }: ReturnType<TableShape["end"]>, parts: () => Iterable<RowParts>) => {
    write(`${name}.csv`, count, (file) => writeText(file, csv(names, map(parts(), row))));
    write(`${name}.parquet`, count, (file) => fillParquet(openParquet(file, columns, metadata), map(parts(), row)));
  };
  table("cells", cells.end(), () => map(merged.records(), cellParts));
  const shape = layers.end();
  if (shape.rows > 0) table("layers", shape, () => flat(merged.records(), layerParts));
  else for (const name of ["layers.csv", "layers.parquet"]) rmSync(join(folder, name), { force: true });
  return { files };
}

interface TableShape {
  readonly see: (parts: RowParts) => void;
  readonly end: () => {
    readonly columns: readonly Column[];
    readonly names: readonly string[];
    readonly rows: number;
    readonly row: (parts: RowParts) => Row;
  };
}

/** Learns the columns of a table from all its rows: settings first, then results. */
function tableShape(): TableShape {
  const [heads, found] = [columnFinder(), columnFinder()];
  let rows = 0;
  return {
    see(parts) {
      heads.see(parts.head);
      found.see(parts.found);
      rows++;
    },
    end() {
      const first = heads.columns();
      const settings = new Set(first.map(({ name }) => name));
      const rest = found.columns().map(({ name, type }) => ({ name: settings.has(name) ? `result_${name}` : name, type }));
      const columns = [...first, ...rest];
      return { columns, names: columns.map(({ name }) => name), rows, row: (parts) => joinedRow(parts, settings) };
    },
  };
}

function fillParquet(parquet: ParquetFile, rows: Iterable<Row>): void {
  for (const row of rows) parquet.append(row);
  parquet.close();
}

/** Fills a file beside its place and renames it, or leaves nothing. */
function whole(path: string, fill: (temporary: string) => void): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    fill(temporary);
    renameSync(temporary, path);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new StoreError(`${quote(path)} cannot be written (${code}): make room or give --out another folder`);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeText(path: string, pieces: Iterable<string>): void {
  const file = openSync(path, "w");
  try {
    let [text, count] = ["", 0];
    const flush = () => {
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      [text, count] = ["", 0];
    };
    for (const piece of pieces) {
      text += piece;
      if (++count === atOnce) flush();
    }
    flush();
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function* csv(names: readonly string[], rows: Iterable<Row>): Generator<string, void> {
  yield csvHeader(names);
  for (const row of rows) yield csvLine(names, row);
}

function* map<From, To>(items: Iterable<From>, change: (item: From) => To): Generator<To, void> {
  for (const item of items) yield change(item);
}

function* flat<From, To>(items: Iterable<From>, change: (item: From) => readonly To[]): Generator<To, void> {
  for (const item of items) yield* change(item);
}
