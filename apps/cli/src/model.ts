import { architectureOf, chosenLayers, isArchitectureFile, type ModelSource } from "@sonde/checkup/asked";
import { ConfigError, FormatError, quote, SondeError } from "@sonde/core";
import { ambiguityOf } from "@sonde/init";
import { isBeyondLists, isGraphForm, type ReadArchitecture, readArchitecture, readGraph } from "@sonde/nets";
import { isModelFile } from "./model-file/is-model-file.js";
import type { SharedOptions } from "./options.js";
import { foreignFile, foreignJson, widthsOtherwise } from "./other-spellings.js";
import { checkReadable, readText } from "./read-text.js";

/** What is read of an architecture file. */
const fileOptions = {
  expected: "an architecture file (.json, .yaml), or give widths such as 784-128x20-10",
  most: 64 * 2 ** 20,
};

/** What MODEL names, with and without the options. */
export interface LoadedModel extends ReadArchitecture {
  readonly source: ModelSource;
}

/**
 * The architecture that MODEL names, and notes on how it was understood: widths in notation, or an architecture file (.json). The options choose the layers of the notation, and take the place of what the file says; `parsed` is what that holds, where it has been read.
 *
 * Throws `ConfigError` or `FormatError` with one sentence for anything else.
 */
export async function loadModel(model: string, options: SharedOptions, parsed?: unknown): Promise<LoadedModel> {
  const { source, notes } = await modelSource(model, options, parsed);
  const ambiguity = options.init === undefined ? undefined : ambiguityOf(options.init);
  if (options.architecture !== undefined && !isModelFile(model))
    throw new ConfigError(
      `--architecture is for a MODEL that holds weights alone, and ${quote(model)} says itself what it is: leave it out`,
    );
  const given = isArchitectureFile(model) ? Object.keys(chosenLayers(options)) : [];
  const names = given.map((name) => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`).join(", ");
  const build = () => architectureOf(source, options);
  return {
    source,
    architecture: isArchitectureFile(model) ? located(model, build) : build(),
    notes: [
      ...notes,
      ...(ambiguity === undefined ? [] : [ambiguity]),
      ...(given.length > 0
        ? [`${names} ${given.length === 1 ? "takes" : "take"} the place of what ${quote(model)} says, in all its layers`]
        : []),
    ],
  };
}

/** What MODEL names, without the options, and notes on how it was understood. */
async function modelSource(
  model: string,
  { activation, architecture: file }: Pick<SharedOptions, "activation" | "architecture">,
  parsed?: unknown,
): Promise<{ readonly source: ModelSource; readonly notes: readonly string[] }> {
  if (isModelFile(model)) {
    const [{ modelArchitecture }, { withModel }] = await Promise.all([import("@sonde/formats"), import("@sonde/formats/node")]);
    const described = await weightsArchitecture({ architecture: file });
    const { architecture, notes } = await withModel(model, (own) =>
      asList(() => modelArchitecture(own, { ...(activation !== undefined && { activation }), architecture: described })),
    );
    return { source: architecture, notes: notes.map((note) => `${quote(model)}: ${note}`) };
  }
  if (isArchitectureFile(model)) {
    const { architecture, notes } = await fromFile(model, parsed);
    return { source: architecture, notes };
  }
  const foreign = foreignFile(model);
  if (foreign !== undefined) {
    await checkReadable(model, fileOptions.expected);
    throw new ConfigError(foreign);
  }
  const widths = widthsOtherwise(model);
  if (widths !== undefined) throw new ConfigError(`${quote(model)} are widths in another notation: write ${widths}`);
  // Most likely a mistyped notation, and its error says where.
  return { source: model, notes: [] };
}

/** What this command needs of a graph, and which commands take it as it is. */
function asList<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(
      `${error.message}, so there is no list of layers of it to draw networks from: sonde check and sonde inspect take the graph as it is`,
    );
  }
}

async function fromFile(path: string, known?: unknown): Promise<ReadArchitecture> {
  const parsed = known ?? (await parsedFile(path));
  return located(path, () => readArchitecture(parsed));
}

/** What the file of `--architecture` says. */
export async function weightsArchitecture({
  architecture,
}: Pick<SharedOptions, "architecture">): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (architecture === undefined) return undefined;
  const parsed = await parsedFile(architecture);
  // What is wrong with it is said with its own name.
  if (isObject(parsed) && isGraphForm(parsed)) located(architecture, () => readGraph(parsed));
  else located(architecture, () => readArchitecture(parsed));
  return parsed as Readonly<Record<string, unknown>>;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What an architecture file says, whether it is JSON or YAML. */
async function parsedFile(path: string): Promise<unknown> {
  const yaml = /\.ya?ml$/i.test(path);
  const text = await readText(path, fileOptions);
  const parsed = yaml ? await readYaml(path, text) : readJson(path, text);
  const foreign = foreignJson(path, parsed);
  if (foreign !== undefined) throw new ConfigError(foreign);
  return parsed;
}

async function readYaml(path: string, text: string): Promise<unknown> {
  const { parseYaml } = await import("@sonde/formats/yaml");
  try {
    return parseYaml(text);
  } catch (error) {
    throw error instanceof FormatError ? new FormatError(`${quote(path)}: ${error.message}`) : error;
  }
}

function readJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = quote((error as Error).message).slice(1, -1);
    throw new FormatError(`${quote(path)} is not JSON (${why}): an architecture file looks like {"input": [2], "layers": [...]}`);
  }
}

/** What an architecture file in graph form says that is no list of layers; nothing for any other MODEL. Throws for files that are damaged. */
export async function describedGraph(model: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  return (await describedFile(model)).graph;
}

/** The same, and what the file holds, parsed: nothing for a MODEL that is no architecture file. */
export async function describedFile(
  model: string,
): Promise<{ readonly parsed?: unknown; readonly graph?: Readonly<Record<string, unknown>> }> {
  if (!isArchitectureFile(model) || isModelFile(model)) return {};
  const parsed = await parsedFile(model);
  return { parsed, ...(isObject(parsed) && located(model, () => isBeyondLists(parsed)) && { graph: parsed }) };
}

/** Runs what may find something wrong with a file, and puts its name in front. */
function located<Result>(path: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw error instanceof SondeError ? new ConfigError(`in ${quote(path)} ${error.message}`, { cause: error }) : error;
  }
}
