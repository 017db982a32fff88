// npm run sanitize [-- CALLS]: the native kernels under AddressSanitizer and UndefinedBehaviorSanitizer, called with arbitrary arguments (test/fuzz.c). Minutes.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { compileFuzzer, folder, run, sets } from "./lib.mjs";

const calls = process.argv[2] ?? "20000";
const cc = process.env.CC || "cc";
mkdirSync(join(folder, "sanitized"), { recursive: true });
let failed = 0;
for (const vectors of Object.keys(sets)) {
  const program = join(folder, "sanitized", vectors);
  try {
    await compileFuzzer({ cc, vectors, out: program });
    console.log(`${vectors}\n${await run(program, [calls])}`);
  } catch (error) {
    // Not every processor has every kind of vectors.
    if (/SIGILL/.test(error.message)) console.log(`${vectors}: not on this processor`);
    else {
      failed++;
      console.log(`${vectors}: ${error.message}`);
    }
  }
}
console.log(`${Object.keys(sets).length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
