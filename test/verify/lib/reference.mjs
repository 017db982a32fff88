import { readFileSync } from "node:fs";

/** The content of reference/NAME.json. */
export function reference(name) {
  return JSON.parse(readFileSync(new URL(`../reference/${name}.json`, import.meta.url), "utf8"));
}
