import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { ConfigError, FormatError } from "@sonde/core";
import type { ByteSource } from "../byte-source.js";
import { byteCount } from "../limits.js";

/**
 * Calls `use` with the file as a source of bytes, and closes it afterwards: the one way in which Sonde opens files to read. `expected` says what a path should name.
 *
 * Throws `ConfigError` unless the path names a readable regular file: a device or a pipe may never end, and opening one may already block.
 */
export async function withFile<Result>(
  path: string,
  use: (source: ByteSource) => Result | Promise<Result>,
  expected: string,
): Promise<Result> {
  const orConfigError = <Value>(call: () => Value) => orRefusal(call, expected);
  // A pipe without a writer would block here for ever: what is no file is refused below instead.
  const descriptor = orConfigError(() => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new ConfigError(`it is ${kindOf(stats)}, not a file: name ${expected}`);
    const read = (offset: number, length: number) => {
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const got = orConfigError(() => readSync(descriptor, bytes, done, length - done, offset + done));
        if (got === 0)
          throw new FormatError(`it ended after ${offset + done} bytes while it was read: is it still being written?`);
        done += got;
      }
      return bytes;
    };
    return await use({ size: stats.size, read });
  } finally {
    closeSync(descriptor);
  }
}

export interface ReadFileOptions {
  /** What the path should name, in words. */
  readonly expected: string;
  /** Bytes that are read at most. */
  readonly most: number;
}

/**
 * All bytes of a regular file of bounded size. Throws `ConfigError` if there is no such file or it may not be read, `FormatError` if it is larger.
 */
export function readFileBytes(path: string, { expected, most }: ReadFileOptions): Promise<Uint8Array> {
  return withFile(
    path,
    ({ size, read }) => {
      if (size > most) throw new FormatError(`it has ${byteCount(size)}, more than the ${byteCount(most)} that are read`);
      return read(0, size);
    },
    expected,
  );
}

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
    ENXIO: `it is a socket, not a file: name ${expected}`,
    EISDIR: `it is a directory, not a file: name ${expected}`,
  };
  try {
    return call();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigError(reasons[code] ?? `the system cannot read it (${code})`);
  }
}
