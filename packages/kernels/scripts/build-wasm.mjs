// Compiles assembly/*/index.ts into WebAssembly and writes each module, base64-encoded, to src/generated. Does nothing when nothing changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const generated = join(root, "src", "generated");
const stampFile = join(generated, "stamp");
const modules = ["math", "ensemble"];
const options = ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd", "--use", "abort="];

const stamp = inputStamp();
const upToDate =
  existsSync(stampFile) &&
  readFileSync(stampFile, "utf8") === stamp &&
  modules.every((name) => existsSync(join(generated, `${name}-wasm.ts`)));

if (!upToDate) {
  const { default: asc } = await import("assemblyscript/asc");
  mkdirSync(generated, { recursive: true });
  for (const name of modules) write(`${name}-wasm.ts`, source(name, await compile(asc, name)));
  write("stamp", stamp);
}

async function compile(asc, name) {
  let bytes;
  const { error, stderr } = await asc.main([`assembly/${name}/index.ts`, "--baseDir", root, "--outFile", `${name}.wasm`, ...options], {
    readFile: (path, base) => (existsSync(join(base, path)) ? readFileSync(join(base, path), "utf8") : null),
    writeFile: (_path, contents) => {
      bytes = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`cannot compile assembly/${name}: ${error.message}\n${stderr.toString()}`);
  return Buffer.from(bytes);
}

function source(name, bytes) {
  return `/** The WebAssembly module \`${name}\`, base64; made by scripts/build-wasm.mjs. */\nexport const wasm =\n  "${bytes.toString("base64")}";\n`;
}

/** Written beside and renamed, so that a concurrent build never sees half a file. */
function write(file, contents) {
  const temporary = join(generated, `.${file}.${process.pid}`);
  writeFileSync(temporary, contents);
  renameSync(temporary, join(generated, file));
}

/** A digest of everything the modules are made from: sources, this script, the compiler's version. */
function inputStamp() {
  const hash = createHash("sha256").update(readFileSync(fileURLToPath(import.meta.url)));
  hash.update(createRequire(import.meta.url)("assemblyscript/package.json").version);
  const assembly = join(root, "assembly");
  const files = readdirSync(assembly, { recursive: true }).filter((file) => file.endsWith(".ts"));
  for (const file of files.sort()) hash.update(file).update(readFileSync(join(assembly, file)));
  return hash.digest("hex");
}
