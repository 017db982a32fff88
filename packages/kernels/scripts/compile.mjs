import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

const options = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--use", "abort="];

/** The WebAssembly bytes of an AssemblyScript entry file, given relative to the package; `features` beyond plain SIMD, such as `relaxed-simd`. */
export async function compile(entry, features = []) {
  const more = features.flatMap((feature) => ["--enable", feature]);
  return Buffer.from(await run(entry, ["--converge", ...options, ...more], "module.wasm"));
}

/** Passes that shorten a module and leave every function with its parameters. */
const tidy =
  "precompute,remove-unused-brs,remove-unused-names,simplify-locals,vacuum,coalesce-locals,vacuum,remove-unused-module-elements";

/** The same module as text, with its functions' names: what packages/kernels-native translates. With `inlined` they are inlined as in the module itself, without they are those of the sources. */
export async function compileText(entry, inlined = false) {
  const level = inlined ? ["-O3"] : ["-O0", "--memoryBase", "1024", "--runPasses", tidy];
  return run(entry, [...level, ...options.slice(1), "--debug", "--textFile", "module.wat"], "module.wat");
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
