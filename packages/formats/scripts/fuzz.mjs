/**
 * Reads and runs mutated model files: `node scripts/fuzz.mjs [files = 100000] [seed = 1] [FILE ...]`, from the built package. Every file must be read, made into a graph and run on one point, or refused with one sentence, within ten seconds and a gibibyte; networks of more than a billion multiplications are not run, and
 * it is told how many ran and how many are lists of layers. Seeds are the files of test/fixtures/models and test/fixtures/exported, and those that are named. A process of its own reads them, so that one that hangs or dies is seen; what failed is written to fuzz-failures/.
 */
import { fork } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generator, mutatedFile } from "./mutate.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const fixtures = join(here, "..", "test", "fixtures");
const models = join(fixtures, "models");
const [files = "100000", seed = "1", ...rest] = process.argv.slice(2);
// The process that reads is told where to begin.
const [first, more] = process.send ? [Number(rest[0]), rest.slice(1)] : [0, rest];
const seconds = 10;
const mebibytes = 1024;

/** The seeds: paths of models, and of the files beside them. */
const seeds = [
  ...readdirSync(models, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? entry.name.startsWith("tfjs")
        ? [join(models, entry.name, "model.json")]
        : []
      : /\.(md|data)$/.test(entry.name)
        ? []
        : [join(models, entry.name)],
  ),
  ...readdirSync(join(fixtures, "exported")).map((name) => join(fixtures, "exported", name)),
  ...more,
].sort();

/** Multiplications, and values, of a network that is run. */
const runnable = { work: 1e9, values: 5e6 };

function fileOf(k) {
  const path = seeds[k % seeds.length];
  return { path, bytes: mutatedFile(new Uint8Array(readFileSync(path)), generator(Number(seed) * 1e6 + k)) };
}

if (process.send) await read();
else await watch();

/** Reads the files from the given one on, and tells of each. */
async function read() {
  const { modelArchitecture, modelGraph, modelLayers, parseModel, recogniseInitialiser } = await import("../dist/index.js");
  const { graphShapes, runGraph } = await import("@sonde/nets");
  const { SondeError } = await import("@sonde/core");
  const report = (message) => new Promise((resolve) => process.send(message, resolve));
  for (let k = first; k < Number(files); k++) {
    process.send({ begin: k });
    const { path, bytes } = fileOf(k);
    const beside = Object.fromEntries(
      readdirSync(dirname(path))
        .filter((name) => statSync(join(dirname(path), name)).isFile() && /\.(bin|data)$/.test(name))
        .map((name) => [name, new Uint8Array(readFileSync(join(dirname(path), name)))]),
    );
    const started = performance.now();
    let outcome = "read";
    // What became of the file: read, built as a graph, run, and whether it is a list of layers.
    try {
      const model = await parseModel(bytes, { files: beside });
      recogniseInitialiser(model, modelLayers(model));
      try {
        const { graph, weights } = modelGraph(model, { points: 1, activation: "relu" });
        outcome = "built";
        const shaped = graphShapes(graph);
        const count = (shape) => shape.reduce((a, b) => a * b, 1);
        const values = shaped.reduce((sum, { output }) => sum + count(output), 0);
        const inputs = graph.inputs.map(({ name, shape, entries }) => [name, shape, entries]);
        if (
          shaped.reduce((sum, { work }) => sum + work, 0) < runnable.work &&
          values + inputs.reduce((sum, [, shape]) => sum + count(shape), 0) < runnable.values
        ) {
          const given = inputs.map(([name, shape, entries]) => [
            name,
            { shape, data: new Float64Array(count(shape)).fill(entries === undefined ? 0.5 : 1) },
          ]);
          runGraph(graph, weights, Object.fromEntries(given));
          outcome = "run";
        }
        modelArchitecture(model, { activation: "relu" });
        outcome = `${outcome} as list`;
      } catch (error) {
        checkSentence(error, SondeError);
      }
      for (const tensor of model.tensors.slice(0, 50))
        try {
          if (tensor.shape.reduce((a, b) => a * b, 1) < 1e7) tensor.values();
        } catch (error) {
          checkSentence(error, SondeError);
        }
    } catch (error) {
      outcome = "refused";
      try {
        checkSentence(error, SondeError);
      } catch (failure) {
        outcome = `failed: ${failure.message}`;
      }
    }
    const done = { end: k, outcome, ms: performance.now() - started, mib: process.resourceUsage().maxRSS / 1024 };
    if (k % 256 === 0 || outcome.startsWith("failed")) await report(done);
    else process.send(done);
  }
}

function checkSentence(error, SondeError) {
  if (!(error instanceof SondeError)) throw new Error(error?.stack ?? String(error));
  if ([...error.message].some((character) => character < " ") || error.message.length > 1000 || error.message.length < 10)
    throw new Error(`no sentence: ${JSON.stringify(error.message.slice(0, 200))}`);
}

async function watch() {
  const counts = { refused: 0, read: 0, built: 0, "built as list": 0, run: 0, "run as list": 0, failed: 0 };
  let [slowest, largest, next] = [{ ms: 0 }, 0, 0];
  while (next < Number(files)) {
    const began = next;
    await new Promise((resolve) => {
      const child = fork(fileURLToPath(import.meta.url), [files, seed, String(next), ...more], {
        execArgv: ["--max-old-space-size=900"],
        stdio: ["ignore", "ignore", "ignore", "ipc"],
      });
      let timer;
      child.on("message", ({ begin, end, outcome, ms, mib }) => {
        clearTimeout(timer);
        if (begin !== undefined) {
          next = begin;
          timer = setTimeout(() => child.kill("SIGKILL"), 1000 * seconds);
          return;
        }
        next = end + 1;
        largest = Math.max(largest, mib);
        if (ms > 500 * seconds) console.log(`file ${end} of ${basename(fileOf(end).path)} took ${(ms / 1000).toFixed(1)} s`);
        if (ms > slowest.ms) slowest = { ms, file: end };
        if (outcome.startsWith("failed") || mib > mebibytes) fail(end, mib > mebibytes ? `${mib.toFixed(0)} MiB` : outcome);
        else counts[outcome]++;
        if (next % 5000 === 0)
          console.log(`${next}: ${JSON.stringify(counts)}, slowest ${slowest.ms.toFixed(0)} ms, ${largest.toFixed(0)} MiB`);
      });
      child.on("exit", (code, signal) => {
        clearTimeout(timer);
        if (next < Number(files)) {
          fail(next, `the process ended (${code ?? signal}): it hung for ${seconds} s, or died`);
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
    const { path, bytes } = fileOf(k);
    mkdirSync("fuzz-failures", { recursive: true });
    writeFileSync(join("fuzz-failures", `${k}-${basename(path)}`), bytes);
    console.log(`file ${k} of ${basename(path)}: ${why}`);
  }
}
