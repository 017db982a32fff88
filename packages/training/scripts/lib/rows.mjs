import { appendFileSync, existsSync, readFileSync } from "node:fs";

/** The rows that a file of JSON lines has: none where there is no file yet. */
export function readRows(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Adds a row that is finished, so that after an interruption the work goes on behind it. */
export function addRow(file, row) {
  appendFileSync(file, `${JSON.stringify(row)}\n`);
}

/** The finished row of that name with the most networks. */
export function bestRow(file, name) {
  return readRows(file)
    .filter(({ row }) => row === name)
    .sort((a, b) => b.networks - a.networks)[0];
}
