import processes, { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import threads from "node:worker_threads";
import { afterAll, vi } from "vitest";
import { run } from "../src/program.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The built command line; `test/built.mjs` has made it current. */
export const main = join(root, "apps", "cli", "bundle", "main.js");

/** Runs take longer on a busy machine. */
export const patience = 120_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The most memory it had, where it was a process of its own. */
  readonly peakMiB?: number;
}

/** Threads start from bundled files, also where the command line itself runs from its sources. All test files share this process, and so this. */
const { Worker } = threads;
let started = 0;
class BuiltWorker extends Worker {
  constructor(url: URL) {
    super(new URL(url.href.replace(/\/src\/(.*)\.[jt]s$/, "/bundle/$1.js")), { execArgv: [] });
    started++;
  }
}
Object.assign(threads, { Worker: BuiltWorker });
syncBuiltinESMExports();

/** So does the process that onnxruntime-node runs in. */
const { spawn: spawned } = processes;
const built = (path: string) => path.replace(/(\/packages\/onnxruntime\/)src\/node\/(child\.js)?$/, "$1dist/node/$2");
Object.assign(processes, {
  spawn: (command: string, args: readonly string[], options: { readonly cwd?: string }) =>
    spawned(command, args.map(built), { ...options, ...(options.cwd !== undefined && { cwd: built(options.cwd) }) }),
});
syncBuiltinESMExports();

/** How many threads were started in this process so far. */
export const threadsStarted = (): number => started;

/** A folder of its own for the tests of a file. */
export function useFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sonde-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Runs the built command line to its end in a process of its own: where the process is what is tested (memory, signals, terminals), since starting one costs most
 * of a second. Everything else is asked `inProcess`.
 */
export function sonde(args: readonly string[]): Promise<Ended> {
  return ended(start(args));
}

/** Tells on file descriptor 3, as the process ends, how much memory it had at most, in KiB. */
const hook = `import { writeSync } from "node:fs"; process.on("exit", () => writeSync(3, process.resourceUsage().maxRSS + " "));`;

export function start(args: readonly string[]): ChildProcess {
  const withHook = ["--import", `data:text/javascript,${encodeURIComponent(hook)}`];
  return spawn(process.execPath, [...withHook, main, ...args], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
}

export function ended(child: ChildProcess): Promise<Ended> {
  const texts = ["", "", "", ""];
  for (const k of [1, 2, 3] as const)
    (child.stdio[k] as Readable).setEncoding("utf8").on("data", (text: string) => {
      texts[k] += text;
    });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const [, stdout, stderr, memory] = texts;
      resolve({ code, signal, stdout, stderr, peakMiB: Math.max(...memory.split(" ").map(Number)) / 1024 });
    });
  });
}

let last: Promise<unknown> = Promise.resolve();

/** Runs a command line in this process, after those that were asked before. */
export function inProcess(args: readonly string[]): Promise<Ended> {
  const result = last.then(() => captured(args));
  last = result.catch(() => {});
  return result;
}

async function captured(args: readonly string[]): Promise<Ended> {
  const [stdout, stderr]: string[][] = [[], []];
  const capture = (texts: string[]) => (text: unknown, done?: unknown) => {
    texts.push(String(text));
    if (typeof done === "function") done();
    return true;
  };
  const out = vi.spyOn(process.stdout, "write").mockImplementation(capture(stdout));
  const err = vi.spyOn(process.stderr, "write").mockImplementation(capture(stderr));
  try {
    const code = await run(args);
    return { code, signal: null, stdout: stdout.join(""), stderr: stderr.join("") };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}
