import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cache } from "./stamp.mjs";

/** A new empty folder inside the repository, so that its packages can be resolved from it; it goes when this process ends. */
export function scratchFolder(name) {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, `${name}-`));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
