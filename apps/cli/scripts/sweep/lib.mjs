// What the checks of sweeps share: the built command line, folders of their own, processor time.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The built command line. */
export const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** Calls a function with a folder that is gone afterwards. */
export async function withFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), "sonde-sweep-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the command line to its end; fails where it ends otherwise than expected. */
export function sonde(args, { code = 0, ...options } = {}) {
  const ended = spawnSync(process.execPath, [main, ...args], { encoding: "utf8", maxBuffer: 2 ** 28, ...options });
  if (ended.status !== code)
    throw new Error(`sonde ${args.join(" ")} ended with ${ended.status ?? ended.signal}:\n${ended.stderr}${ended.stdout}`);
  return ended;
}

/** Starts it in the background. */
export function start(args, options = {}) {
  return spawn(process.execPath, [main, ...args], { stdio: "ignore", ...options });
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs it and measures seconds of processor time (of all its threads) and of the clock. */
export function timed(args, options) {
  const program = `const { resourceUsage } = process; process.on("exit", () => { const { userCPUTime, systemCPUTime } = resourceUsage(); require("node:fs").writeSync(3, String((userCPUTime + systemCPUTime) / 1e6)); });`;
  const hook = `data:text/javascript,${encodeURIComponent(`import { createRequire } from "node:module"; const require = createRequire("/"); ${program}`)}`;
  const begun = performance.now();
  const ended = spawnSync(process.execPath, ["--import", hook, main, ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    ...options,
  });
  if (ended.status !== 0) throw new Error(`sonde ${args.join(" ")} ended with ${ended.status}:\n${ended.stderr}`);
  return { ...ended, wall: (performance.now() - begun) / 1000, processor: Number(ended.output[3]) };
}
