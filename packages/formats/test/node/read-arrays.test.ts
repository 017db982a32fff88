import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeNpy } from "../../src/index.js";
import { readArrays } from "../../src/node/index.js";
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
    /none.npz": there is no such file: name the path of an npz or npy file$/,
  );
  await expect(readArrays(folder)).rejects.toThrow("it is a directory, not a file: name the path of an npz or npy file");
  await expect(readArrays(file("text.npz", "hello"))).rejects.toThrow("it is neither an npz nor an npy file");
});
