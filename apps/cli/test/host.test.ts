import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { main, patience } from "./sonde.js";

/** A process of its own, since what runs the kernels is decided once, and prints past the test runner. */
function verbose(kernels: string) {
  const env = { ...process.env, SONDE_KERNELS: kernels, SONDE_VECTORS: "" };
  return spawnSync(process.execPath, [main, "--version", "--verbose"], { encoding: "utf8", env });
}

const node = `Node ${process.version}, ${process.platform} ${process.arch}\n`;

describe("sonde --version --verbose", () => {
  it("says what runs the kernels, and on which vectors", { timeout: patience }, () => {
    const { status, stdout, stderr } = verbose("");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\nkernels: (native, (avx512|avx2|base)|wasm, 128 bits)\n/);
    expect(stdout.endsWith(`\n${node}`)).toBe(true);
  });

  it("obeys SONDE_KERNELS, and names what it may be in one sentence", { timeout: patience }, () => {
    const wasm = verbose("wasm");
    expect(wasm).toMatchObject({ status: 0, stderr: "" });
    expect(wasm.stdout.endsWith(`\nkernels: wasm, 128 bits\n${node}`)).toBe(true);
    expect(verbose("natve")).toMatchObject({
      status: 2,
      stdout: "",
      stderr: 'sonde: SONDE_KERNELS is wasm or native, got "natve"\n',
    });
  });
});
