import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { ending, type FolderName } from "./folders.js";
import { lineId } from "./line.js";

/** Where a line lies. */
export interface Place {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/** Called for every whole line; `line` is valid during the call only. */
export type Seen = (id: string, place: Place, line: Buffer) => void;

/** Reads what is new in a folder of a store. */
export interface Follower {
  /** Reads the bytes that came since the last call. */
  readonly refresh: () => void;
  /** Lines that were damaged, and ends of files that are no whole line (of a writer that was killed, or that still writes). */
  readonly damaged: () => { readonly lines: number; readonly torn: number };
  /** Bytes read of each file, by its writer. */
  readonly read: ReadonlyMap<string, number>;
}

const blockSize = 2 ** 22;

/** Reads a folder of a store from its beginning, then only what is new. Files and lines may come while it reads; whole lines alone count. */
export function follow(store: string, kind: FolderName, seen: Seen): Follower {
  const folder = join(store, kind);
  const read = new Map<string, number>();
  const sizes = new Map<string, number>();
  let lines = 0;
  const block = Buffer.allocUnsafe(blockSize);
  const visit = (line: Buffer, place: Place) => {
    const id = lineId(line);
    if (id === undefined) lines++;
    else seen(id, place, line);
  };
  return {
    read,
    damaged: () => ({ lines, torn: [...sizes].filter(([name, size]) => size > (read.get(name) ?? 0)).length }),
    refresh() {
      for (const name of names(folder)) {
        const file = openSync(join(folder, name), "r");
        try {
          const writer = name.slice(0, -ending.length);
          const { size } = fstatSync(file);
          sizes.set(writer, size);
          const start = read.get(writer) ?? 0;
          if (size > start) read.set(writer, readLines(file, join(kind, name), start, block, visit));
        } finally {
          closeSync(file);
        }
      }
    },
  };
}

/** The files of a folder, in the order of their names; none where there is no folder yet. */
function names(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Visits the whole lines from an offset on, and returns the offset behind the last of them. */
function readLines(
  file: number,
  name: string,
  start: number,
  block: Buffer,
  visit: (line: Buffer, place: Place) => void,
): number {
  let from = start;
  let bytes = block;
  for (;;) {
    const got = readSync(file, bytes, 0, bytes.length, from);
    let begin = 0;
    for (let end = bytes.subarray(0, got).indexOf(10); end >= 0; end = bytes.subarray(0, got).indexOf(10, begin)) {
      if (end > begin) visit(bytes.subarray(begin, end), { file: name, offset: from + begin, length: end - begin });
      begin = end + 1;
    }
    from += begin;
    if (got < bytes.length) return from;
    // A line longer than a block.
    if (begin === 0) bytes = Buffer.allocUnsafe(2 * bytes.length);
  }
}
