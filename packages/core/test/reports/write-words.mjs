// Writes random words to standard output until it is closed, 4 bytes each, for test batteries:
//   node write-words.mjs stream   the words of stream(0) in order
//   node write-words.mjs tree     block 0 of the children 0, 1, 2, ... of stream(0), one after the other
import { writeSync } from "node:fs";
import { split, stream, words } from "@sonde/core";

const BLOCKS = 1 << 14;
const root = stream(0);
const block = process.argv[2] === "tree" ? (n) => words(split(root, n), 0) : (n) => words(root, n);
const chunk = new Uint32Array(4 * BLOCKS);
for (let n = 0; ; n += BLOCKS) {
  for (let i = 0; i < BLOCKS; i++) chunk.set(block(n + i), 4 * i);
  const bytes = new Uint8Array(chunk.buffer);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(1, bytes, done);
  } catch (error) {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  }
}
