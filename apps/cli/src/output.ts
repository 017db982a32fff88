import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ConfigError, quote } from "@sonde/core";

/** Where a command's result goes. */
export interface Output {
  write(text: string): Promise<void>;
  /** Removes what a run that failed has begun. */
  discard(): Promise<void>;
}

/**
 * Standard output, or the file of `--out`: written beside it first and renamed when complete, so that nothing is ever half-written.
 *
 * Throws `ConfigError` at once, before the run, if the file cannot be written.
 */
export async function openOutput(path?: string): Promise<Output> {
  if (path === undefined) {
    return {
      write: (text) =>
        new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve()))),
      discard: async () => {},
    };
  }
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  const file = await open(temporary, "w").catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(
      `cannot write ${quote(path)} (${error.code}): give --out a file in a folder that exists and is writable`,
    );
  });
  return {
    async write(text) {
      await file.writeFile(text);
      await file.close();
      await rename(temporary, path).catch(async (error: NodeJS.ErrnoException) => {
        await rm(temporary, { force: true });
        throw new ConfigError(`cannot write ${quote(path)} (${error.code}): give --out the path of a file`);
      });
    },
    async discard() {
      await file.close();
      await rm(temporary, { force: true });
    },
  };
}
