import { existsSync, readdirSync, readFileSync } from "node:fs";

const folder = new URL("rows/", import.meta.url);

/** What has been written of one kind, `trained` or `measured`, in the order of the architectures. */
export function rowsOf(kind) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${kind}-`))
    .flatMap((name) => readFileSync(new URL(name, folder), "utf8").split("\n").filter(Boolean))
    .map((line) => JSON.parse(line))
    .sort((a, b) => a.k - b.k);
}
