import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

const options = ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd", "--use", "abort="];

/** The WebAssembly bytes of an AssemblyScript entry file, given relative to the package; `features` beyond plain SIMD, such as `relaxed-simd`. */
export async function compile(entry, features = []) {
  const more = features.flatMap((feature) => ["--enable", feature]);
  return Buffer.from(await run(entry, [...options, ...more], "module.wasm"));
}

/** The same module as text, with its functions' names and hardly inlined: what packages/kernels-native translates. */
export async function compileText(entry) {
  return run(entry, [...options.slice(2), "-O1", "--debug", "--textFile", "module.wat"], "module.wat");
}

async function run(entry, flags, wanted) {
  const { default: asc } = await import("assemblyscript/asc");
  let result;
  const { error, stderr } = await asc.main([entry, "--baseDir", root, "--outFile", "module.wasm", ...flags], {
    readFile: (path, base) => (existsSync(join(base, path)) ? readFileSync(join(base, path), "utf8") : null),
    writeFile: (path, contents) => {
      if (path.endsWith(wanted)) result = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`cannot compile ${entry}: ${error.message}\n${stderr.toString()}`);
  return result;
}
