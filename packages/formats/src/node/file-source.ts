import { closeSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { ConfigError, FormatError } from "@sonde/core";
import type { ByteSource } from "../byte-source.js";

/**
 * Calls `use` with the file as a source of bytes, and closes it afterwards. Throws `ConfigError` unless the path names a readable regular file: a
 * device or a pipe may never end, and opening one may already block.
 */
export async function withFile<Result>(
  path: string,
  use: (source: ByteSource) => Promise<Result>,
  expected = dataSetNames,
): Promise<Result> {
  const orConfigError = <Value>(call: () => Value) => orRefusal(call, expected);
  const stats = orConfigError(() => statSync(path));
  if (!stats.isFile())
    throw new ConfigError(
      `it is ${kindOf(stats)}, not a file: name ${expected === dataSetNames ? "a file in IDX, npy or CSV" : expected}`,
    );
  const descriptor = orConfigError(() => openSync(path, "r"));
  const read = (offset: number, length: number) => {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const got = orConfigError(() => readSync(descriptor, bytes, done, length - done, offset + done));
      if (got === 0) throw new FormatError(`it ended after ${offset + done} bytes while it was read: is it still being written?`);
      done += got;
    }
    return bytes;
  };
  try {
    return await use({ size: stats.size, read });
  } finally {
    closeSync(descriptor);
  }
}

const dataSetNames = "digits, mnist, fashion-mnist, xor, or a file in IDX, npy or CSV";

function kindOf(stats: Stats): string {
  return stats.isDirectory() ? "a directory" : stats.isFIFO() ? "a pipe" : stats.isSocket() ? "a socket" : "a device";
}

/** What the operating system refuses, in words. */
function orRefusal<Result>(call: () => Result, expected: string): Result {
  const noSuchFile = `there is no such file: name ${expected}`;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: noSuchFile,
    ENOTDIR: noSuchFile,
    EACCES: "reading it is not allowed",
    EPERM: "reading it is not allowed",
    ENAMETOOLONG: "the name is too long",
    ELOOP: "its links lead in a circle",
  };
  try {
    return call();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigError(reasons[code] ?? `the system cannot read it (${code})`);
  }
}
