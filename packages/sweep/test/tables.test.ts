import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { mergeStore, openStore, openWriter, planSweep, writeTables } from "@sonde/sweep/node";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "sonde-tables-"));
const store = join(folder, "store");
afterAll(() => rmSync(folder, { recursive: true }));

/** Numbers with all their digits, and the edges of what numbers are. */
const edges = [0, -0, 1, 0.1 + 0.2, 5e-324, 1.7976931348623157e308, -1 / 3, 2 ** 53, null];
const value = (cell: number, layer: number) => edges[(cell + layer) % edges.length] ?? null;

const plan = planSweep(
  { command: "x", grids: [{ width: Array.from({ length: 40 }, (_, k) => String(k + 2)), init: ["he-normal", 'a "b", c'] }] },
  { settings: (point) => point, cost: () => 1, resultVersion: 1 },
);

beforeAll(() => {
  openStore(store, plan);
  const writer = openWriter(store);
  for (const [cell, id] of [...plan.ids].reverse().entries()) {
    const { width, init } = plan.point(plan.ids.length - 1 - cell);
    const settings = {
      model: `1-${width}x3-1`,
      init,
      seed: Number.MAX_SAFE_INTEGER - cell,
      method: "auto",
      ...(cell % 2 && { standardize: true }),
    };
    const layers = [1, 2, 3].map((layer) => ({ layer, vni: { value: value(cell, layer), networks: 10 }, list: [1, 2] }));
    writer.write(
      "records",
      id,
      JSON.stringify({ settings, result: { bornDead: { value: value(cell, 0), networks: 10 }, zero: 0, method: "law", layers } }),
    );
  }
  writer.close();
  writeTables(store, mergeStore(store, plan), { "sonde.plan": plan.hash });
});

/** What the records say, as rows. */
function expected() {
  const cells: Record<string, unknown>[] = [];
  const layers: Record<string, unknown>[] = [];
  for (const { record } of mergeStore(store, plan).records()) {
    const { id, axes, settings, result } = record as never as {
      id: string;
      axes: { width: number; init: string };
      settings: Record<string, unknown>;
      result: Record<string, never>;
    };
    const head = {
      id,
      ...axes,
      model: settings.model,
      seed: settings.seed,
      method: "auto",
      standardize: settings.standardize ?? null,
    };
    const { bornDead } = result as never as { bornDead: { value: number | null; networks: number } };
    cells.push({ ...head, bornDead_value: bornDead.value, bornDead_networks: 10, zero: 0, result_method: "law" });
    for (const { layer, vni } of result.layers as never as { layer: number; vni: { value: number | null } }[])
      layers.push({ ...head, layer, vni_value: vni.value, vni_networks: 10 });
  }
  return { cells, layers };
}

/** Numbers whose bits differ are different. */
const plain = (rows: readonly Record<string, unknown>[]) =>
  rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, one]) => [key, typeof one === "bigint" ? Number(one) : one])),
  );

describe("Parquet", () => {
  it.each(["cells", "layers"] as const)("is read back bit for bit by hyparquet: %s", async (name) => {
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(join(store, `${name}.parquet`)) });
    expect(plain(rows)).toEqual(expected()[name]);
  });

  it("and by DuckDB", async () => {
    const database = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
    for (const name of ["cells", "layers"] as const) {
      const rows = (await database.runAndReadAll(`select * from '${join(store, `${name}.parquet`)}'`)).getRowObjectsJS();
      expect(plain(rows)).toEqual(expected()[name]);
    }
    const types = (
      await database.runAndReadAll(
        `select column_name, column_type from (describe select * from '${join(store, "cells.parquet")}')`,
      )
    ).getRows();
    expect(Object.fromEntries(types)).toMatchObject({
      id: "VARCHAR",
      width: "INTEGER",
      seed: "BIGINT",
      zero: "DOUBLE",
      bornDead_value: "DOUBLE",
      standardize: "BOOLEAN",
    });
    const text = join(store, "cells.csv");
    const csv = (await database.runAndReadAll(`select bornDead_value, init from read_csv('${text}')`)).getRowObjectsJS();
    expect(csv.map((row) => [row.bornDead_value, row.init])).toEqual(
      expected().cells.map((row) => [row.bornDead_value, row.init]),
    );
  });

  it("names its plan", async () => {
    const { key_value_metadata } = await parquetMetadataAsync(await asyncBufferFromFile(join(store, "cells.parquet")));
    expect(key_value_metadata).toContainEqual({ key: "sonde.plan", value: plan.hash });
  });
});

it("the same records give the same bytes, whoever wrote them in whatever order, and nothing lies beside them", () => {
  const other = join(folder, "other");
  openStore(other, plan);
  const [first, second] = [openWriter(other), openWriter(other)];
  const lines = readFileSync(join(store, "records.jsonl"), "utf8").trimEnd().split("\n");
  for (const [k, line] of lines.entries()) {
    const id = line.slice(7, 39);
    (k % 3 ? first : second).write("records", id, `{${line.slice(60)}`);
    if (k % 5 === 0) second.write("records", id, `{${line.slice(60)}`);
  }
  first.close();
  second.close();
  const { files } = writeTables(other, mergeStore(other, plan), { "sonde.plan": plan.hash });
  expect(files.map(({ rows }) => rows)).toEqual([80, 80, 80, 240, 240]);
  for (const { path } of files) expect(readFileSync(path).equals(readFileSync(path.replace(other, store)))).toBe(true);
  expect(readdirSync(other).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});
