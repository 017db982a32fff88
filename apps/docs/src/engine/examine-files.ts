import type { ModelCheckup, RecordContext } from "@sonde/checkup/files";
import { ConfigError, FormatError, quote, SondeError } from "@sonde/core";
import { holdsRecording, type InspectedModel, inspectModel, parseArrays, parseModel } from "@sonde/formats";
import { type Architecture, isBeyondLists, readArchitecture } from "@sonde/nets";
import type { CheckRecord } from "@sonde/report";
import { checkRecord, failOn } from "./check-record.js";
import type { Foreign } from "./foreign.js";

/** A file that a visitor dropped. */
export interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What was found in dropped files. */
export type Examined =
  | {
      readonly kind: "architecture";
      readonly name: string;
      readonly architecture: Architecture;
      readonly notes: readonly string[];
    }
  | { readonly kind: "model"; readonly name: string; readonly model: InspectedModel; readonly notes: readonly string[] }
  | { readonly kind: "graph"; readonly name: string }
  | { readonly kind: "recorded"; readonly name: string };

/** What is told of dropped files: first what they are, then, where they hold one network, its check-up or why there is none. */
export type Told =
  | { readonly kind: "examined"; readonly examined: Examined }
  | { readonly kind: "checked"; readonly record: CheckRecord }
  | { readonly kind: "unchecked"; readonly reason: string };

/** How dropped files are examined. */
export interface ExamineOptions {
  /** Stands between layers of a file that holds weights alone. */
  readonly activation?: string;
  readonly progress?: RecordContext["progress"];
  /** What runs models with operators that Sonde does not run. */
  readonly foreign?: Foreign;
}

const seed = 0;

/**
 * What dropped files are: an architecture file, recorded activations, or a model with the files beside it; and what `sonde check` says of the latter two, and of architectures that are graphs and no lists. Throws the sentences of the readers for anything else.
 */
export async function* examineFiles(
  files: readonly DroppedFile[],
  { activation, progress, foreign }: ExamineOptions = {},
): AsyncGenerator<Told, void> {
  const main = mainFile(files);
  const { name, bytes } = main;
  const described = await describedIn(main);
  if (described && isBeyondLists(described)) {
    yield { kind: "examined", examined: { kind: "graph", name } };
    const asked = { model: name, seed };
    return yield* checked(asked, progress, async (context) =>
      (await import("@sonde/checkup/files")).checkDescribed(described, asked, context),
    );
  }
  if (described) return yield { kind: "examined", examined: { kind: "architecture", name, ...readArchitecture(described) } };
  if (/\.np[yz]$/i.test(name)) return yield* recordedIn(main);
  const beside = Object.fromEntries(files.filter((file) => file !== main).map((file) => [file.name, file.bytes]));
  const file = await parseModel(bytes, { files: beside });
  if (holdsRecording(file)) return yield* recordedIn(main);
  yield { kind: "examined", examined: { kind: "model", name, model: plainModel(inspectModel(file)), notes: file.notes } };
  const asked = { model: name, seed, ...(activation !== undefined && { activation }) };
  const program = foreign?.(bytes, beside);
  try {
    yield* checked(asked, progress, async (context) =>
      (await import("@sonde/checkup/files")).checkModelFile(file, asked, { ...context, foreign: program?.run }),
    );
  } finally {
    program?.close();
  }
}

/** What `sonde check FILE` says of a network, or why there is nothing to say. */
async function* checked(
  asked: { readonly model: string; readonly seed: number; readonly activation?: string },
  progress: RecordContext["progress"],
  run: (context: RecordContext) => Promise<ModelCheckup>,
): AsyncGenerator<Told, void> {
  const started = performance.now();
  try {
    const readData = () => Promise.reject(new ConfigError("this page reads no data for model files"));
    const { result, settings, warnings } = await run({ readData, progress });
    yield {
      kind: "checked",
      record: checkRecord({
        architecture: null,
        settings: { ...asked, failOn, ...settings },
        result,
        warnings,
        elapsedMs: performance.now() - started,
      }),
    };
  } catch (error) {
    if (!(error instanceof SondeError)) throw error;
    yield { kind: "unchecked", reason: error.message };
  }
}

async function* recordedIn({ name, bytes }: DroppedFile): AsyncGenerator<Told, void> {
  const started = performance.now();
  const { checkRecording } = await import("@sonde/checkup/files");
  const { result, warnings } = checkRecording(await parseArrays(bytes, name), { model: name, seed });
  yield { kind: "examined", examined: { kind: "recorded", name } };
  yield {
    kind: "checked",
    record: checkRecord({
      architecture: null,
      settings: { model: name, seed, failOn },
      result,
      warnings,
      elapsedMs: performance.now() - started,
    }),
  };
}

/** The one that the others lie beside: the only one, or `model.json`, or what is no shard and no external data. */
function mainFile(files: readonly DroppedFile[]): DroppedFile {
  const [first] = files;
  if (!first) throw new ConfigError("there is no file: drop a model, an architecture file or recorded activations");
  return (
    files.find(({ name }) => /\.(json|ya?ml)$/i.test(name)) ??
    files.find(({ name }) => /\.(onnx|keras|h5|safetensors|pth?)$/i.test(name)) ??
    first
  );
}

/** What an architecture file says, JSON or YAML; `undefined` for what is none. */
async function describedIn({ name, bytes }: DroppedFile): Promise<Readonly<Record<string, unknown>> | undefined> {
  const yaml = /\.ya?ml$/i.test(name);
  if (!yaml && !/^\s*\{/.test(new TextDecoder().decode(bytes.subarray(0, 64)))) return undefined;
  const text = new TextDecoder().decode(bytes);
  const value = yaml ? (await import("@sonde/formats/yaml")).parseYaml(text) : jsonOf(text);
  const object = typeof value === "object" && value !== null && !Array.isArray(value);
  if (yaml && !object) throw new FormatError("it is YAML without an input and layers, which an architecture file has");
  return object && (yaml || ("layers" in value && "input" in value)) ? (value as Record<string, unknown>) : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FormatError(`it is not JSON (${quote((error as Error).message).slice(1, -1)})`);
  }
}

/** Without tensors and graphs within attributes, which hold functions and so cannot leave a worker. */
function plainModel(model: InspectedModel): InspectedModel {
  return JSON.parse(JSON.stringify(model, (_, value) => (typeof value === "bigint" ? String(value) : value)));
}
