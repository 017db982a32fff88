import { existsSync, renameSync, writeFileSync } from "node:fs";
import { ConfigError, quote } from "@sonde/core";
import { readText } from "./read-text.js";
import { version } from "./version.js";

/** A file that keeps what a run knows. */
export interface CheckpointFile {
  /** What the file held at first. */
  readonly known?: unknown;
  /** Writes what is known by now, whole or not at all; `hurry` writes it even if the last time was a moment ago. */
  readonly save: (known: () => unknown, hurry?: boolean) => void;
}

/** The largest checkpoint that is read, in bytes. */
const largestFile = 2 ** 28;

/** Milliseconds between two writes. */
const interval = 5000;

/**
 * Opens a checkpoint of the run with these settings. Throws `ConfigError` where the file cannot be read or written, or belongs to another run.
 */
export async function openCheckpoint(path: string, settings: object): Promise<CheckpointFile> {
  const own = JSON.parse(JSON.stringify({ sonde: version(), settings }));
  const known = await readKnown(path, own);
  let saved = performance.now();
  return {
    known,
    save(value, hurry = false) {
      if (!hurry && performance.now() - saved < interval) return;
      write(path, JSON.stringify({ ...own, known: value() }));
      saved = performance.now();
    },
  };
}

async function readKnown(path: string, own: { sonde: string; settings: Record<string, unknown> }): Promise<unknown> {
  if (!existsSync(path)) {
    // Finds an unwritable path before the run.
    write(path, "{}\n");
    return undefined;
  }
  const text = await readText(path, { expected: "a checkpoint of sonde, or a file to make", most: largestFile });
  const found = parse(text);
  if (found?.settings === undefined) {
    if (text.trim() === "{}") return undefined;
    throw new ConfigError(`${quote(path)} is no checkpoint of sonde: name another file`);
  }
  if (found.sonde !== own.sonde)
    throw new ConfigError(
      `the checkpoint ${quote(path)} was written by sonde ${found.sonde}, this is ${own.sonde}: name another file`,
    );
  const names = new Set([...Object.keys(found.settings), ...Object.keys(own.settings)]);
  const other = [...names].find((name) => JSON.stringify(found.settings?.[name]) !== JSON.stringify(own.settings[name]));
  if (other !== undefined)
    throw new ConfigError(
      `the checkpoint ${quote(path)} is of a run with ${other} ${show(found.settings[other])}, this one has ${show(own.settings[other])}: name another file, or give the same options`,
    );
  return found.known;
}

function show(value: unknown): string {
  return value === undefined ? "at its default" : quote(String(value));
}

function parse(text: string): { sonde?: string; settings?: Record<string, unknown>; known?: unknown } | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function write(path: string, text: string): void {
  try {
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(`the checkpoint ${quote(path)} cannot be written (${code}): name a file in a folder that is writable`);
  }
}
