import { type ConfigError, quote, SondeError } from "@sonde/core";
import type { ReadFileOptions } from "@sonde/formats/node";

/** The text of a regular file of bounded size. Throws `ConfigError` or `FormatError` with the file's name and one sentence. */
export function readText(path: string, options: ReadFileOptions): Promise<string> {
  return naming(path, async ({ readFileBytes }) => new TextDecoder().decode(await readFileBytes(path, options)));
}

/** Throws `ConfigError` unless there is such a file and it may be read. */
export function checkReadable(path: string, expected: string): Promise<void> {
  return naming(path, ({ withFile }) => withFile(path, () => {}, expected));
}

/** Puts the file's name in front of what is wrong with it. Reading is loaded when there is something to read. */
async function naming<Result>(
  path: string,
  use: (files: typeof import("@sonde/formats/node")) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(await import("@sonde/formats/node"));
  } catch (error) {
    if (!(error instanceof SondeError)) throw error;
    const SameError = error.constructor as typeof ConfigError;
    throw new SameError(`${quote(path)}: ${error.message}`, { cause: error });
  }
}
