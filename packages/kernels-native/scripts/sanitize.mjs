// npm run sanitize [-- CALLS [LEVEL ...]]: the native kernels under AddressSanitizer and UndefinedBehaviorSanitizer, called with arbitrary arguments (test/fuzz.c). Some minutes a level.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { compileFuzzer, folder, run, sets } from "./lib.mjs";

const [calls = "20000", ...named] = process.argv.slice(2);
const levels = named.length > 0 ? named : Object.keys(sets);
const cc = process.env.CC || "cc";
mkdirSync(join(folder, "sanitized"), { recursive: true });
let failed = 0;
for (const vectors of levels) {
  const program = join(folder, "sanitized", vectors);
  try {
    await compileFuzzer({ cc, vectors, out: program });
    console.log(`${vectors}: clean; ended of themselves: ${(await run(program, [calls])).trim()}`);
  } catch (error) {
    // Not every processor has every kind of vectors.
    if (/SIGILL/.test(error.message)) console.log(`${vectors}: not on this processor`);
    else {
      failed++;
      console.log(`${vectors}: FAILED ${error.message}`);
    }
  }
}
console.log(`${levels.length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
