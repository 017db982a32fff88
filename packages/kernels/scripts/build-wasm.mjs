// Compiles assembly/*/index.ts into WebAssembly and writes each module, base64-encoded, to src/generated. Does nothing when nothing changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile, root } from "./compile.mjs";

const generated = join(root, "src", "generated");
const stampFile = join(generated, "stamp");
/** Modules by name: the folder of their sources, and what they need beyond plain SIMD. */
const modules = {
  math: { folder: "math" },
  ensemble: { folder: "ensemble" },
  "ensemble-relaxed": { folder: "ensemble", features: ["relaxed-simd"] },
  law: { folder: "law" },
  gram: { folder: "gram" },
  ramp: { folder: "ramp" },
  trainer: { folder: "trainer" },
};

const stamp = inputStamp();
const upToDate =
  existsSync(stampFile) &&
  readFileSync(stampFile, "utf8") === stamp &&
  ["stamp.ts", ...Object.keys(modules).map((name) => `${name}-wasm.ts`)].every((file) => existsSync(join(generated, file)));

if (!upToDate) {
  mkdirSync(generated, { recursive: true });
  for (const [name, { folder, features }] of Object.entries(modules))
    write(`${name}-wasm.ts`, source(name, await compile(`assembly/${folder}/index.ts`, features)));
  write(
    "stamp.ts",
    `/** Of what the modules were made from; native kernels that were made from something else are refused. */\nexport const stamp: string = "${stamp}";\n`,
  );
  write("stamp", stamp);
}

function source(name, bytes) {
  return `/** The WebAssembly module \`${name}\`, base64; made by scripts/build-wasm.mjs. */\nexport const wasm: string =\n  "${bytes.toString("base64")}";\n`;
}

/** Written beside and renamed, so that a concurrent build never sees half a file. */
function write(file, contents) {
  const temporary = join(generated, `.${file}.${process.pid}`);
  writeFileSync(temporary, contents);
  renameSync(temporary, join(generated, file));
}

/** A digest of everything the modules are made from: sources, the two scripts, the compiler's version. */
function inputStamp() {
  const hash = createHash("sha256");
  hash.update(createRequire(import.meta.url)("assemblyscript/package.json").version);
  const assembly = readdirSync(join(root, "assembly"), { recursive: true }).map((file) => join("assembly", file));
  const scripts = ["build-wasm.mjs", "compile.mjs"].map((file) => join("scripts", file));
  const files = [...assembly, ...scripts].filter((file) => /\.(ts|mjs)$/.test(file)).sort();
  for (const file of files) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}
