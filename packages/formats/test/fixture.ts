import { readFileSync } from "node:fs";

/** A JSON file from the folder `fixtures`. */
export function fixture<Content>(name: string): Content {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8"));
}
