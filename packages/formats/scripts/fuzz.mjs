/**
 * Reads and runs mutated files: `node scripts/fuzz.mjs [files = 100000] [seed = 1] [FILE ...]`, from the built package. Every model must be read, made into a graph and run on one point, or refused with one sentence, within ten seconds of the processor and a gibibyte, and nothing but itself and the files in its folder may be opened; networks of more than a
 * billion multiplications are not run, and it is told how many ran and how many are lists of layers. Recorded activations, data sets and architecture files are read likewise. Seeds are those of `seeds.mjs`, and models that are named. A process of its own reads them, so that one that hangs or dies is seen; what failed is written to fuzz-failures/.
 */
import { fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generator, mutatedFile, pointedElsewhere } from "./mutate.mjs";
import { seedsOf } from "./seeds.mjs";

const [files = "100000", seed = "1", ...rest] = process.argv.slice(2);
// The process that reads is told where to begin.
const [first, more] = process.send ? [Number(rest[0]), rest.slice(1)] : [0, rest];
/** Of the processor; a file that takes many times as long by the clock hangs. */
const seconds = 10;
const patience = 60;
const mebibytes = 1024;
const seeds = await seedsOf(more);

function fileOf(k) {
  const { name, bytes, beside = {}, kind } = seeds[k % seeds.length];
  const random = generator(Number(seed) * 1e6 + k);
  const names = Object.keys(beside);
  // Half of those with files beside them point elsewhere; of a quarter these are links.
  const pointed = names.length > 0 && random(2) === 0 ? pointedElsewhere(bytes(), names, random) : undefined;
  const linked = names.length > 0 && random(4) === 0;
  return { name, kind, beside, linked, bytes: pointed ?? mutatedFile(bytes(), random) };
}

if (process.send) await read();
else await watch();

/** Reads the files from the given one on, and tells of each. */
async function read() {
  const { reader } = await import("./read-fuzzed.mjs");
  const readFile = await reader(seeds);
  const report = (message) => new Promise((resolve) => process.send(message, resolve));
  for (let k = first; k < Number(files); k++) {
    process.send({ begin: k });
    const { outcome, ms } = await readFile(fileOf(k));
    const done = { end: k, outcome, ms, mib: process.resourceUsage().maxRSS / 1024 };
    if (k % 256 === 0 || outcome.startsWith("failed")) await report(done);
    else process.send(done);
  }
}

async function watch() {
  const counts = { failed: 0 };
  let [slowest, largest, next] = [{ ms: 0 }, 0, 0];
  while (next < Number(files)) {
    const began = next;
    await new Promise((resolve) => {
      const child = fork(fileURLToPath(import.meta.url), [files, seed, String(next), ...more], {
        execArgv: ["--max-old-space-size=900"],
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      let timer;
      child.on("message", ({ begin, end, outcome, ms, mib }) => {
        clearTimeout(timer);
        if (begin !== undefined) {
          next = begin;
          timer = setTimeout(() => child.kill("SIGKILL"), 1000 * patience);
          return;
        }
        next = end + 1;
        largest = Math.max(largest, mib);
        if (ms > 500 * seconds) console.log(`file ${end} of ${fileOf(end).name} took ${(ms / 1000).toFixed(1)} s`);
        if (ms > slowest.ms) slowest = { ms, file: end };
        const beyond =
          mib > mebibytes ? `${mib.toFixed(0)} MiB` : ms > 1000 * seconds ? `${(ms / 1000).toFixed(1)} s` : undefined;
        if (outcome.startsWith("failed") || beyond) fail(end, beyond ?? outcome);
        else counts[outcome] = (counts[outcome] ?? 0) + 1;
        if (next % 5000 === 0)
          console.log(`${next}: ${JSON.stringify(counts)}, slowest ${slowest.ms.toFixed(0)} ms, ${largest.toFixed(0)} MiB`);
      });
      child.on("exit", (code, signal) => {
        clearTimeout(timer);
        if (next < Number(files)) {
          fail(next, `the process ended (${code ?? signal}): it hung for ${patience} s, or died`);
          next++;
        }
        resolve();
      });
    });
    if (next === began) break;
  }
  console.log(
    `${files} files of ${seeds.length} seeds: ${JSON.stringify(counts)}, slowest ${slowest.ms.toFixed(0)} ms (file ${slowest.file}), most memory ${largest.toFixed(0)} MiB`,
  );
  process.exitCode = counts.failed > 0 ? 1 : 0;

  function fail(k, why) {
    counts.failed++;
    const { name, bytes } = fileOf(k);
    mkdirSync("fuzz-failures", { recursive: true });
    writeFileSync(join("fuzz-failures", `${k}-${name}`), bytes);
    console.log(`file ${k} of ${name}: ${why}`);
  }
}
