import { ConfigError, FormatError, quote, SondeError } from "@sonde/core";
import { type Architecture, type MlpOptions, mlp, validateArchitecture } from "@sonde/nets";
import type { SharedOptions } from "./options.js";
import { checkReadable, readText } from "./read-text.js";

/** Options that say what the notation leaves open; an architecture file says it itself. */
const notationOptions = ["activation", "init", "weightVariance", "bias", "norm", "skip", "block", "embedding"] as const;

/** What is read of an architecture file. */
const fileOptions = {
  expected: "an architecture file (.json), or give widths such as 784-128x20-10",
  most: 64 * 2 ** 20,
};

/** Whether MODEL is the path of an architecture file. */
export function isArchitectureFile(model: string): boolean {
  return /\.json$/i.test(model);
}

/**
 * The architecture that MODEL names: widths in notation, or an architecture file (.json). The options choose the layers of the notation.
 *
 * Throws `ConfigError` or `FormatError` with one sentence for anything else.
 */
export async function loadModel(model: string, options: SharedOptions): Promise<Architecture> {
  if (isArchitectureFile(model)) {
    const given = notationOptions.find((name) => options[name] !== undefined);
    if (given)
      throw new ConfigError(
        `--${given.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} is for widths, but ${quote(model)} is an architecture file: write it into the file`,
      );
    return fromFile(model);
  }
  if (/\.(onnx|keras|h5|safetensors|npz|npy)$/i.test(model)) {
    await checkReadable(model, fileOptions.expected);
    throw new ConfigError(
      `${quote(model)} is a kind of model that comes in a later release: give widths such as 784-128x20-10 or an architecture file (.json)`,
    );
  }
  // Most likely a mistyped notation, and its error says where.
  return mlp(model, mlpOptions(options));
}

function mlpOptions(options: SharedOptions): MlpOptions {
  return Object.fromEntries(notationOptions.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}

async function fromFile(path: string): Promise<Architecture> {
  const text = await readText(path, fileOptions);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const why = quote((error as Error).message).slice(1, -1);
    throw new FormatError(`${quote(path)} is not JSON (${why}): an architecture file looks like {"input": [2], "layers": [...]}`);
  }
  try {
    return validateArchitecture(parsed);
  } catch (error) {
    throw error instanceof SondeError ? new ConfigError(`in ${quote(path)} ${error.message}`, { cause: error }) : error;
  }
}
