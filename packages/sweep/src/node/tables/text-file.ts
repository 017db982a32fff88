import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";

/** Characters that are written at once. */
const atOnce = 2 ** 20;

/** A text file that grows piece by piece. */
export function openText(path: string): { readonly append: (text: string) => void; readonly close: () => void } {
  const file = openSync(path, "w");
  let waiting = "";
  const flush = () => {
    const bytes = Buffer.from(waiting);
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    waiting = "";
  };
  return {
    append(text) {
      waiting += text;
      if (waiting.length > atOnce) flush();
    },
    close() {
      flush();
      fsyncSync(file);
      closeSync(file);
    },
  };
}
