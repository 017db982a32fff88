import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

const options = ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd", "--use", "abort="];

/** The WebAssembly bytes of an AssemblyScript entry file, given relative to the package; `features` beyond plain SIMD, such as `relaxed-simd`. */
export async function compile(entry, features = []) {
  const more = features.flatMap((feature) => ["--enable", feature]);
  const { default: asc } = await import("assemblyscript/asc");
  let bytes;
  const { error, stderr } = await asc.main([entry, "--baseDir", root, "--outFile", "module.wasm", ...options, ...more], {
    readFile: (path, base) => (existsSync(join(base, path)) ? readFileSync(join(base, path), "utf8") : null),
    writeFile: (_path, contents) => {
      bytes = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`cannot compile ${entry}: ${error.message}\n${stderr.toString()}`);
  return Buffer.from(bytes);
}
