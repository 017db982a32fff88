import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ModelFile, parseModel } from "../../src/index.js";

/** The path of a model among the fixtures. */
export function modelPath(name: string): string {
  return fileURLToPath(new URL(`../fixtures/models/${name}`, import.meta.url));
}

/** The bytes of a model among the fixtures. */
export function modelBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(modelPath(name)));
}

/** A model among the fixtures, with the files beside it; a folder is the `model.json` in it. */
export function readModel(name: string): Promise<ModelFile> {
  const folder = name.includes(".") ? "" : `${name}/`;
  const beside = readdirSync(modelPath(folder)).filter((file) => /\.(bin|data)$/.test(file));
  return parseModel(modelBytes(folder ? `${folder}model.json` : name), {
    files: Object.fromEntries(beside.map((file) => [file, modelBytes(folder + file)])),
  });
}
