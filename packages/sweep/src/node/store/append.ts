import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";

/** A file that one writer appends whole lines to. */
export interface Appender {
  /** Writes text to the end, all of it or throws. */
  readonly append: (text: string) => void;
  /** Makes what was written safe from a loss of power. */
  readonly sync: () => void;
  readonly close: () => void;
}

/** Opens a new file; what is there already is never appended to. It comes into being with its first line. */
export function appender(path: string): Appender {
  let file: number | undefined;
  let broken = false;
  return {
    append(text) {
      // After a line that was cut, the next would continue it.
      if (broken) throw new Error("an earlier line could not be written whole");
      file ??= openSync(path, "wx");
      const bytes = Buffer.from(text);
      broken = true;
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      broken = false;
    },
    sync() {
      if (file !== undefined) fsyncSync(file);
    },
    close() {
      if (file === undefined) return;
      try {
        fsyncSync(file);
      } finally {
        closeSync(file);
        file = undefined;
      }
    },
  };
}
