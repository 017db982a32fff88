import { mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeNpy } from "../../src/index.js";
import { readArrays, readFileBytes } from "../../src/node/index.js";
import { fixture } from "../fixture.js";

const folder = mkdtempSync(join(tmpdir(), "sonde-arrays-"));
const file = (name: string, content: Uint8Array | string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

it("readArrays reads npz and npy files, by content", async () => {
  const { stored } = fixture<{ stored: string }>("npz.json");
  const names = (await readArrays(file("a.npz", Buffer.from(stored, "base64")))).map(({ name }) => name);
  expect(names).toEqual(["layer1", "layer2", "größe/3", "empty", "zeros"]);
  const array = { shape: [2, 1], data: Float32Array.of(3, 4) };
  expect(await readArrays(file("hidden.npy", writeNpy(array)))).toEqual([{ name: "hidden", ...array, type: "float32" }]);
});

it("readArrays says what is wrong with a file, and which", async () => {
  await expect(readArrays(join(folder, "none.npz"))).rejects.toThrow(
    /none.npz": there is no such file: name the path of an npz, npy or safetensors file$/,
  );
  await expect(readArrays(folder)).rejects.toThrow(
    "it is a directory, not a file: name the path of an npz, npy or safetensors file",
  );
  await expect(readArrays(file("text.npz", "hello"))).rejects.toThrow("it is neither an npz nor an npy file");
});

it("readFileBytes reads regular files up to a size", async () => {
  const path = file("five", "12345");
  const expected = "something small";
  expect(await readFileBytes(path, { expected, most: 5 })).toEqual(new TextEncoder().encode("12345"));
  await expect(readFileBytes(path, { expected, most: 4 })).rejects.toThrow("it has 5 bytes, more than the 4 bytes that are read");
  await expect(readFileBytes("/dev/zero", { expected, most: 5 })).rejects.toThrow(
    "it is a device, not a file: name something small",
  );
});

it("readArrays refuses more values than fit, by the header", async () => {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${2 ** 26 + 1}, 1), }`.padEnd(117, " ");
  const path = file("many.npy", Buffer.concat([Buffer.from("\x93NUMPY\x01\x00v\x00", "latin1"), Buffer.from(`${header}\n`)]));
  truncateSync(path, 128 + 2 ** 26 + 1);
  await expect(readArrays(path)).rejects.toThrow("it holds 67108865 values, more than the 67108864 that are kept in memory");
});
