import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./root.mjs";

/** Where set-up keeps what it remembers; git ignores it. */
export const cache = join(root, ".cache");
const stampFile = join(cache, "build.stamp");

/** Folders whose files decide what a build makes; tests, data and notes are not among them. */
const sourceFolders = new Set(["src", "assembly", "scripts"]);
const sourceFiles = new Set(["package.json", "tsconfig.json"]);
const rootFiles = ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", "tsconfig.base.json", "tsconfig.json"];

/**
 * Whether the last finished set-up saw exactly today's sources: a comparison of sizes and modification times, a few milliseconds. A source
 * that only looks new costs a build that does nothing.
 */
export function isUpToDate() {
  return read(stampFile) === currentStamp() && existsSync(join(root, "node_modules")) && builtFolders().every(existsSync);
}

/** The folders that a build leaves behind. */
function builtFolders() {
  const libraries = readdirSync(join(root, "packages")).filter((name) =>
    existsSync(join(root, "packages", name, "tsconfig.json")),
  );
  return [
    ...libraries.map((name) => join(root, "packages", name, "dist")),
    ...["dist", "bundle"].map((name) => join(root, "apps", "cli", name)),
  ];
}

/** Remembers the sources as built. Take the stamp before the build, so that a source saved during the build makes the next one. */
export function writeStamp(stamp) {
  writeWhole(stampFile, stamp);
}

/** Path, modification time and size of every source, one per line. */
export function currentStamp() {
  const lines = [`node ${process.version}`];
  for (const file of rootFiles) lines.push(line(join(root, file)));
  for (const group of ["packages", "apps"])
    for (const name of readdirSync(join(root, group)).sort()) {
      const home = join(root, group, name);
      for (const file of sourceFiles) lines.push(line(join(home, file)));
      for (const folder of sourceFolders) walk(join(home, folder), lines);
    }
  return lines.join("\n");
}

function walk(folder, lines) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) lines.push(line(path));
    else if (entry.name !== "generated") walk(path, lines);
  }
}

function line(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return `${path.slice(root.length + 1)} ${stat ? `${stat.mtimeMs} ${stat.size}` : "absent"}`;
}

/** The text of a file, or undefined where there is none. */
export function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Writes beside and renames, so that nobody ever reads half a file. */
export function writeWhole(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
