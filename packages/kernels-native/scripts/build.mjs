// Compiles the native kernels where a C compiler is found: for this processor's widest vectors, or with --all for every kind. Whatever goes wrong is left in build/log.txt:
// without a library the kernels run in WebAssembly.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileAddon, folder, home, run, sets, stamp } from "./lib.mjs";

const all = process.argv.includes("--all");
const out = join(folder, "kernels.node");
const stampFile = join(folder, "stamp");
const cc = process.env.CC || "cc";

try {
  const vectors = await vectorsHere();
  const wanted = inputs(vectors);
  if (!existsSync(out) || !existsSync(stampFile) || readFileSync(stampFile, "utf8") !== wanted) {
    await compileAddon({ cc, vectors, out });
    // Loaded once by a process of its own: what breaks that one would break every other.
    await run(process.execPath, ["-e", `require(${JSON.stringify(out)}).bind("gram", new ArrayBuffer(65536), "").heapBase()`]);
    writeFileSync(stampFile, wanted);
  }
} catch (error) {
  // A library of these sources stays, wherever its compiler has gone.
  if (!current()) forget();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "log.txt"), `${error.message}\n`);
  if (process.argv.includes("--loud")) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

function current() {
  try {
    return JSON.parse(readFileSync(out.replace(/\.node$/, ".json"), "utf8")).stamp === stamp();
  } catch {
    return false;
  }
}

function forget() {
  for (const file of [out, out.replace(/\.node$/, ".json"), stampFile]) rmSync(file, { force: true });
}

/** What the compiler makes for this processor, or everything it can make. */
async function vectorsHere() {
  const macros = await run(cc, ["-march=native", "-dM", "-E", "-x", "c", "/dev/null"]).catch(() =>
    run(cc, ["-dM", "-E", "-x", "c", "/dev/null"]),
  );
  const has = (name) => macros.includes(`#define ${name} 1`);
  if (!has("__x86_64__")) return ["base"];
  if (all) return Object.keys(sets);
  if (["__AVX512F__", "__AVX512VL__", "__AVX512DQ__", "__AVX512BW__"].every(has)) return ["avx512"];
  return [has("__AVX2__") ? "avx2" : "base"];
}

function inputs(vectors) {
  const hash = createHash("sha256").update(`${cc} ${vectors} ${process.version} ${stamp()}`);
  for (const part of ["src", "src/hot", "scripts"])
    for (const file of readdirSync(join(home, part)).sort())
      if (/\.(c|h|mjs)$/.test(file)) hash.update(file).update(readFileSync(join(home, part, file)));
  return hash.digest("hex");
}
