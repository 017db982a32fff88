import { rmSync } from "node:fs";
import { access, constants, open, realpath, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ConfigError, quote } from "@sonde/core";

/** Where a command's result goes. */
export interface Output {
  /** Writes the whole result. */
  write(content: string | Uint8Array): Promise<void>;
  /** Removes what was begun and not written. */
  close(): Promise<void>;
}

/**
 * Standard output, or the file that `option` names: written beside it first and renamed when complete, so that nothing is ever half-written.
 *
 * Throws `ConfigError` at once, before the run, if the file cannot be written.
 */
export async function openOutput(path?: string, option = "--out"): Promise<Output> {
  if (path === undefined) return { write: writeStandardOutput, close: async () => {} };
  const refuse = (reason: string) => new ConfigError(`cannot write ${quote(path)}: ${reason}`);
  const target = await writable(path, option, refuse);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  const file = await open(temporary, "w").catch((error: NodeJS.ErrnoException) => {
    throw refuse(`give ${option} a file in a folder that exists and is writable (${error.code})`);
  });
  const clean = () => rmSync(temporary, { force: true });
  // A second Ctrl-C ends the process on the spot.
  process.once("exit", clean);
  return {
    async write(content) {
      try {
        await file.writeFile(content);
        await file.close();
        await rename(temporary, target);
      } catch (error) {
        throw new Error(`${quote(path)} cannot be written (${(error as NodeJS.ErrnoException).code})`);
      }
    },
    async close() {
      await file.close();
      clean();
      process.off("exit", clean);
    },
  };
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

/** A reader that closed the pipe has seen enough: that is no failure. */
function writeStandardOutput(content: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(content, (error) => {
      const { code } = (error ?? {}) as NodeJS.ErrnoException;
      if (!error || code === "EPIPE") resolve();
      else reject(new Error(`standard output cannot be written (${code})`));
    });
  });
}
