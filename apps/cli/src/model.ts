import { ConfigError, FormatError, quote, SondeError } from "@sonde/core";
import { ambiguityOf } from "@sonde/init";
import { type MlpOptions, mlp, type ReadArchitecture, readArchitecture, redescribed } from "@sonde/nets";
import type { SharedOptions } from "./options.js";
import { foreignFile, foreignJson, widthsOtherwise } from "./other-spellings.js";
import { checkReadable, readText } from "./read-text.js";

/** Options that say what the notation leaves open, and take the place of what an architecture file says. */
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
 * The architecture that MODEL names, and notes on how it was understood: widths in notation, or an architecture file (.json). The options choose the layers of the notation, and take the place of what the file says.
 *
 * Throws `ConfigError` or `FormatError` with one sentence for anything else.
 */
export async function loadModel(model: string, options: SharedOptions): Promise<ReadArchitecture> {
  const ambiguity = options.init === undefined ? undefined : ambiguityOf(options.init);
  const notes = ambiguity === undefined ? [] : [ambiguity];
  if (isArchitectureFile(model)) {
    const read = await fromFile(model);
    const given = Object.keys(mlpOptions(options));
    if (given.length === 0) return read;
    const names = given.map((name) => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`).join(", ");
    return {
      architecture: located(model, () => redescribed(read.architecture, mlpOptions(options))),
      notes: [
        ...read.notes,
        ...notes,
        `${names} ${given.length === 1 ? "takes" : "take"} the place of what ${quote(model)} says, in all its layers`,
      ],
    };
  }
  const foreign = foreignFile(model);
  if (foreign !== undefined) {
    await checkReadable(model, fileOptions.expected);
    throw new ConfigError(foreign);
  }
  const widths = widthsOtherwise(model);
  if (widths !== undefined) throw new ConfigError(`${quote(model)} are widths in another notation: write ${widths}`);
  // Most likely a mistyped notation, and its error says where.
  return { architecture: mlp(model, mlpOptions(options)), notes };
}

function mlpOptions(options: SharedOptions): MlpOptions {
  return Object.fromEntries(notationOptions.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}

async function fromFile(path: string): Promise<ReadArchitecture> {
  const text = await readText(path, fileOptions);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const why = quote((error as Error).message).slice(1, -1);
    throw new FormatError(`${quote(path)} is not JSON (${why}): an architecture file looks like {"input": [2], "layers": [...]}`);
  }
  const foreign = foreignJson(path, parsed);
  if (foreign !== undefined) throw new ConfigError(foreign);
  return located(path, () => readArchitecture(parsed));
}

/** Runs what may find something wrong with a file, and puts its name in front. */
function located<Result>(path: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw error instanceof SondeError ? new ConfigError(`in ${quote(path)} ${error.message}`, { cause: error }) : error;
  }
}
