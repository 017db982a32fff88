import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { stamp } from "../src/generated/stamp.js";

const folder = mkdtempSync(join(tmpdir(), "sonde-host-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const source = readFileSync(fileURLToPath(new URL("../src/native.ts", import.meta.url)), "utf8");
const { outputText } = ts.transpileModule(source, {
  compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
});

/** What a copy of the loader finds, with this library where a build leaves it. */
function hostWith(
  name: string,
  library?: { readonly bytes: Buffer; readonly note: object | string },
  env: Record<string, string> = {},
) {
  const home = join(folder, name);
  for (const part of ["kernels/src/generated", "kernels-native/build"]) mkdirSync(join(home, part), { recursive: true });
  writeFileSync(join(home, "kernels", "package.json"), '{ "type": "module" }');
  writeFileSync(join(home, "kernels", "src", "native.js"), outputText);
  writeFileSync(join(home, "kernels", "src", "generated", "stamp.js"), `export const stamp = ${JSON.stringify(stamp)};`);
  if (library) {
    const { bytes, note } = library;
    writeFileSync(join(home, "kernels-native", "build", "kernels.node"), bytes);
    writeFileSync(join(home, "kernels-native", "build", "kernels.json"), typeof note === "string" ? note : JSON.stringify(note));
  }
  const script = `import(${JSON.stringify(join(home, "kernels", "src", "native.js"))}).then((m) => {
    try { console.log(JSON.stringify(m.kernelHost())); } catch (error) { console.log(JSON.stringify({ error: error.name, message: error.message })); }
  })`;
  const { SONDE_KERNELS, SONDE_VECTORS, ...rest } = process.env;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8", env: { ...rest, ...env } });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const bytes = Buffer.alloc(5000, "\x7fELF\x02\x01\x01 not a library ");
const wasm = { kind: "wasm", vectors: "128 bits" };

describe("kernelHost", () => {
  it("is WebAssembly without a word where there is no library", () => {
    expect(hostWith("none")).toEqual(wasm);
  });

  it("is an error in one sentence where native kernels are asked for and absent", () => {
    const { error, message } = hostWith("forced", undefined, { SONDE_KERNELS: "native" });
    expect(error).toBe("KernelHostError");
    expect(message).toMatch(/^SONDE_KERNELS asks for native kernels, but there are none .*$/);
    expect(hostWith("misspelt", undefined, { SONDE_KERNELS: "natve" }).message).toBe(
      'SONDE_KERNELS is wasm or native, got "natve"',
    );
  });

  it.each([
    ["does not load", bytes, { bytes: bytes.length, stamp }, /cannot be loaded/],
    ["is cut short", bytes, { bytes: bytes.length + 1, stamp }, /are damaged/],
    ["was made from other sources", bytes, { bytes: bytes.length, stamp: "0" }, /belong to another version/],
    ["has a note that is none", bytes, "{", /cannot be loaded/],
  ])("is WebAssembly, with a note, where the library %s", (name, library, note, reason) => {
    const host = hostWith(name.replaceAll(" ", "-"), { bytes: library, note });
    expect(host).toMatchObject(wasm);
    expect(host.note).toMatch(reason);
  });

  it("does not look at a library where WebAssembly is asked for", () => {
    expect(hostWith("wasm", { bytes, note: "{" }, { SONDE_KERNELS: "wasm" })).toEqual(wasm);
  });
});
