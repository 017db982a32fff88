import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./programs.mjs";

/** The built command line. */
const main = fileURLToPath(new URL("../../../apps/cli/bundle/main.js", import.meta.url));

/** Half a second a cell, so that accidents find cells at work on a fast machine too. */
export const sweepWords = [
  "sweep",
  "death",
  "--grid",
  "width=8",
  "depth=6",
  "seed=0..23",
  "--sampling",
  "grid",
  "--networks",
  "400000",
];
export const cells = 24;

/** Runs the command line to its end; returns what it printed. */
export function sonde(args, options) {
  return run(process.execPath, [main, ...args], options);
}

/** Starts it in the background; its output is in `log`. */
export function start(args, env = {}) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  child.log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text) => {
      child.log += text;
    });
  child.ended = new Promise((resolve) => child.on("close", (code, signal) => resolve(code ?? signal)));
  return child;
}

/** A folder of its own, with a short name since sockets lie in it. */
export function scratch(name) {
  return mkdtempSync(join(tmpdir(), `sonde-${name}-`));
}

/** Whole lines of all files in a folder of a store. */
export function lines(store, folder = "records") {
  try {
    return readdirSync(join(store, folder)).flatMap((name) =>
      readFileSync(join(store, folder, name), "utf8")
        .split("\n")
        .slice(0, -1),
    );
  } catch {
    return [];
  }
}

const tables = ["records.jsonl", "cells.csv", "layers.csv", "cells.parquet", "layers.parquet"];

/** What is wrong with a store's merged tables: nothing where they are the same bytes as those of a run that nothing happened to. */
export async function differs(store, reference) {
  const { done, duplicates } = JSON.parse(sonde(["sweep", "merge", "--store", store, "--json", "--quiet"]));
  const plain = await reference.store;
  const differing = tables.filter((name) => !readFileSync(join(store, name)).equals(readFileSync(join(plain, name))));
  if (done !== cells) return `${done} of ${cells} cells are there`;
  if (differing.length > 0) return `not the bytes of an uninterrupted run: ${differing.join(", ")}`;
  console.log(`        ${done} cells merged, ${duplicates} of them done twice, byte-identical to an uninterrupted run`);
  return "";
}

/** The sweep without accidents, computed in the background: `store` becomes its folder. */
export function baseline() {
  const folder = scratch("plain");
  const sweep = start([...sweepWords, "--store", folder, "--threads", "1", "--quiet"]);
  const store = sweep.ended.then((code) => {
    if (code !== 0) throw new Error(`the sweep without accidents ended with ${code}: ${sweep.log}`);
    sonde(["sweep", "merge", "--store", folder, "--quiet"]);
    return folder;
  });
  // Asked when something is compared with it.
  store.catch(() => {});
  return {
    store,
    end() {
      sweep.kill("SIGKILL");
      rmSync(folder, { recursive: true });
    },
  };
}
