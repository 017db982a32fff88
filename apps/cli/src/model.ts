import { open } from "node:fs/promises";
import { ConfigError, FormatError, quote } from "@sonde/core";
import { type Architecture, type MlpOptions, mlp, validateArchitecture } from "@sonde/nets";
import type { SharedOptions } from "./options.js";

/** Options that say what the notation leaves open; an architecture file says it itself. */
const notationOptions = ["activation", "init", "weightVariance", "bias", "norm", "skip", "block"] as const;

/** The largest architecture file that is read, in bytes. */
const largestFile = 64 * 2 ** 20;

/**
 * The architecture that MODEL names: widths in notation, or an architecture file (.json). The options choose the layers of the notation.
 *
 * Throws `ConfigError` or `FormatError` with one sentence for anything else.
 */
export async function loadModel(model: string, options: SharedOptions): Promise<Architecture> {
  if (/\.json$/i.test(model)) {
    const given = notationOptions.find((name) => options[name] !== undefined);
    if (given)
      throw new ConfigError(
        `--${given.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} is for widths in notation, but ${quote(model)} is an architecture file: write it into the file`,
      );
    return fromFile(model);
  }
  if (/^[\dx-]+$/.test(model)) return mlp(model, mlpOptions(options));
  if (/\.(onnx|keras|h5|safetensors|npz|npy)$/i.test(model))
    throw new ConfigError(
      `${quote(model)} is a kind of model that comes in a later release: give widths such as 784-128x20-10 or an architecture file (.json)`,
    );
  // Not a file name that is known: most likely a mistyped notation, and its error says where.
  return mlp(model, mlpOptions(options));
}

function mlpOptions(options: SharedOptions): MlpOptions {
  return Object.fromEntries(notationOptions.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}

async function fromFile(path: string): Promise<Architecture> {
  const text = await readText(path);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new FormatError(
      `${quote(path)} is not JSON (${(error as Error).message.slice(0, 100)}): see packages/nets/architecture.schema.json for the format`,
    );
  }
  return validateArchitecture(parsed);
}

async function readText(path: string): Promise<string> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(
      error.code === "ENOENT"
        ? `there is no file ${quote(path)}: give widths such as 784-128x20-10 or the path of an architecture file`
        : `cannot open ${quote(path)} (${error.code})`,
    );
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new ConfigError(`${quote(path)} is not a file: give the path of an architecture file`);
    if (stat.size > largestFile)
      throw new FormatError(`${quote(path)} has ${stat.size} bytes, an architecture file at most ${largestFile}`);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}
