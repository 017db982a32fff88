import { closeSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { access, constants, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ConfigError, quote } from "@sonde/core";
import { undisturbed } from "./interruption.js";

/** Where a command's result goes: writes the whole of it. */
export type Output = (content: string | Uint8Array) => Promise<void>;

/**
 * Standard output, or the file that `option` names: written beside it first and renamed when complete, so that nothing is ever half-written. Nothing lies there while the run goes on.
 *
 * Throws `ConfigError` at once, before the run, if the file cannot be written.
 */
export async function openOutput(path?: string, option = "--out"): Promise<Output> {
  if (path === undefined) return writeStandardOutput;
  const refuse = (reason: string) => new ConfigError(`cannot write ${quote(path)}: ${reason}`);
  const target = await writable(path, option, refuse);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    tryOut(temporary);
  } catch (error) {
    throw refuse(`give ${option} a file in a folder that exists and is writable (${(error as NodeJS.ErrnoException).code})`);
  }
  return async (content) => {
    try {
      undisturbed(() => replace(target, temporary, content));
    } catch (error) {
      throw new Error(`${quote(path)} cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
  };
}

/** Makes the file and removes it: the only way to know that it can be made. */
function tryOut(path: string): void {
  undisturbed(() => {
    closeSync(openSync(path, "w"));
    rmSync(path);
  });
}

function replace(target: string, temporary: string, content: string | Uint8Array): void {
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** The file that a path leads to, through links, if it may be replaced. */
async function writable(path: string, option: string, refuse: (reason: string) => ConfigError): Promise<string> {
  if (basename(path) === "" || path.endsWith("/")) throw refuse(`give ${option} the path of a file`);
  const target = await realpath(path).catch(() => path);
  const existing = await stat(path).catch(() => undefined);
  if (existing && !existing.isFile())
    throw refuse(existing.isDirectory() ? "it is a directory, give the path of a file" : "it is not a regular file");
  if (existing)
    await access(target, constants.W_OK).catch(() => {
      throw refuse("writing to it is not allowed");
    });
  return target;
}

/** A reader that closed the pipe, or a terminal that is gone, has seen enough: that is no failure. */
function writeStandardOutput(content: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(content, (error) => {
      const { code } = (error ?? {}) as NodeJS.ErrnoException;
      if (!error || code === "EPIPE" || code === "EIO") resolve();
      else reject(new Error(`standard output cannot be written (${code})`));
    });
  });
}
