import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { translate, translateLanes } from "./translate.mjs";

// The compiler of the sources lies beside them, in another package.
const { compileText } = await import(new URL("../../kernels/scripts/compile.mjs", import.meta.url));

export const home = join(dirname(fileURLToPath(import.meta.url)), "..");
export const folder = join(home, "build");
const sources = join(home, "src");
const wasmStamp = join(home, "..", "kernels", "src", "generated", "stamp");

/** The modules of packages/kernels that are translated. */
const modules = ["ensemble", "law", "gram", "trainer"];

/** Flags for each kind of vectors, from the widest. */
export const sets = {
  avx512: ["-mavx512f", "-mavx512vl", "-mavx512dq", "-mavx512bw", "-mprefer-vector-width=512"],
  avx2: ["-mavx2"],
  base: [],
};

/** The same sums in the same order with the same roundings: nothing is contracted or reassociated. */
const flags = [
  "-std=gnu11",
  "-O2",
  "-ffp-contract=off",
  "-fno-math-errno",
  "-fno-strict-aliasing",
  "-fPIC",
  "-fvisibility=hidden",
  "-Wall",
  "-Wno-psabi",
  "-Wno-unused",
];

/** What the WebAssembly modules were made from. */
export function stamp() {
  return readFileSync(wasmStamp, "utf8");
}

/** The files of C written by hand, and the functions that each defines: HOT(name). */
function hotFiles() {
  return readdirSync(join(sources, "hot"))
    .sort()
    .map((file) => ({
      name: `hot/${file}`,
      replaces: [...readFileSync(join(sources, "hot", file), "utf8").matchAll(/^HOT\((\w+)/gm)].map(([, name]) => name),
    }));
}

/** Translates the modules to C in build/; they take a few seconds, and are made again only when their sources are others. */
export async function translateAll() {
  const generated = join(folder, "generated");
  mkdirSync(generated, { recursive: true });
  const hot = hotFiles();
  writeFileSync(join(generated, "lanes.h"), translateLanes(await text("lanes", true)));
  for (const name of modules) writeFileSync(join(generated, `${name}.c`), translate(await text(name), hot));
}

/** A module as text; kept, since it takes seconds. */
async function text(name, inlined) {
  const generated = join(folder, "generated");
  const file = `${name}-${stamp().slice(0, 16)}.wat`;
  const kept = readOrNothing(join(generated, file));
  if (kept) return kept;
  const wat = await compileText(`assembly/${name}/index.ts`, inlined);
  for (const old of readdirSync(generated)) if (old.startsWith(`${name}-`)) rmSync(join(generated, old));
  writeFileSync(join(generated, file), wat);
  return wat;
}

/**
 * Compiles and links an addon for these `vectors` (names of `sets`) with the compiler `cc`, and leaves it at `out`, with a note of its size and sources beside it. `extra` are flags for
 * every file, `link` those of the last step. Throws what the compiler says.
 */
export async function compileAddon({ cc, vectors, out, extra = [], link = ["-shared"] }) {
  const headers = createRequire(import.meta.url)("node-api-headers").include_dir;
  const each = `-DEACH_SET(X)=${vectors.map((set) => `X(${set})`).join(" ")}`;
  const addon = { source: join(sources, "addon.c"), options: ["-I", headers, `-DSTAMP="${stamp()}"`, each, ...moduleNames] };
  const temporary = `${out}.${process.pid}`;
  await compileAll({ cc, vectors, extra, link, main: addon, out: temporary });
  const note = { bytes: statSync(temporary).size, stamp: stamp() };
  renameSync(temporary, out);
  writeFileSync(out.replace(/\.node$/, ".json"), `${JSON.stringify(note)}\n`);
}

/** Compiles and links test/fuzz.c with the modules for one kind of vectors, watched by the sanitizers. */
export function compileFuzzer({ cc, vectors, out }) {
  const extra = ["-O1", "-g1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
  const main = { source: join(home, "test", "fuzz.c"), options: [`-DSET=${vectors}`, ...moduleNames] };
  return compileAll({ cc, vectors: [vectors], extra, link: ["-fsanitize=address,undefined"], main, out });
}

const moduleNames = [
  `-DMODULE_COUNT=${modules.length}`,
  `-DEACH_MODULE(X,set)=${modules.map((name) => `X(${name},set)`).join(" ")}`,
];

/** Translates and compiles the modules for these vectors, and `main` beside them, as many files at once as there are processors; then links. */
async function compileAll({ cc, vectors, extra, link, main, out }) {
  await translateAll();
  const objects = `${out}-objects`;
  mkdirSync(objects, { recursive: true });
  const parts = vectors.flatMap((set) =>
    modules.map((name) => ({
      source: join(folder, "generated", `${name}.c`),
      object: join(objects, `${name}-${set}.o`),
      options: [...sets[set], `-DMODULE=${name}_${set}`, `-DMODULE_NAME="${name}"`],
    })),
  );
  parts.push({ ...main, object: join(objects, "main.o") });
  const waiting = [...parts];
  const worker = async () => {
    for (let part = waiting.shift(); part; part = waiting.shift())
      await run(cc, [...flags, ...extra, "-I", sources, "-I", folder, ...part.options, "-c", part.source, "-o", part.object]);
  };
  try {
    // All of them are waited for, even if one fails: what still runs would write into the folder.
    const ended = await Promise.allSettled(Array.from({ length: Math.min(availableParallelism(), 8) }, worker));
    for (const { reason } of ended) if (reason) throw reason;
    // Libraries behind what needs them.
    await run(cc, [...parts.map(({ object }) => object), ...link, "-o", out]);
  } finally {
    rmSync(objects, { recursive: true });
  }
}

/** Runs a program; throws what it wrote if it fails. */
export function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.on("error", reject);
    child.on("close", (code, signal) =>
      code === 0 ? resolve(output) : reject(new Error(`${program} ended with ${signal ?? `code ${code}`}\n${output}`)),
    );
  });
}

function readOrNothing(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
