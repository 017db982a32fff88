import type { RecordContext } from "@sonde/checkup/files";
import { ConfigError, FormatError, quote, SondeError } from "@sonde/core";
import { holdsRecording, type InspectedModel, inspectModel, type ModelFile, parseArrays, parseModel } from "@sonde/formats";
import { type Architecture, readArchitecture } from "@sonde/nets";
import type { CheckRecord } from "@sonde/report";
import { checkRecord, failOn } from "./check-record.js";

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
}

const seed = 0;

/**
 * What dropped files are: an architecture file, recorded activations, or a model with the files beside it; and what `sonde check` says of the latter two. Throws the sentences of the readers for anything else.
 */
export async function* examineFiles(
  files: readonly DroppedFile[],
  { activation, progress }: ExamineOptions = {},
): AsyncGenerator<Told, void> {
  const main = mainFile(files);
  const { name, bytes } = main;
  const json = jsonOf(bytes);
  if (json && "layers" in json && "input" in json)
    return yield { kind: "examined", examined: { kind: "architecture", name, ...readArchitecture(json) } };
  if (/\.np[yz]$/i.test(name)) return yield* recordedIn(main);
  const beside = Object.fromEntries(files.filter((file) => file !== main).map((file) => [file.name, file.bytes]));
  const file = await parseModel(bytes, { files: beside });
  if (holdsRecording(file)) return yield* recordedIn(main);
  yield { kind: "examined", examined: { kind: "model", name, model: plainModel(inspectModel(file)), notes: file.notes } };
  try {
    yield { kind: "checked", record: await modelRecord(name, file, { activation, progress }) };
  } catch (error) {
    if (!(error instanceof SondeError)) throw error;
    yield { kind: "unchecked", reason: error.message };
  }
}

/** What `sonde check FILE` says of a model file. */
async function modelRecord(model: string, file: ModelFile, { activation, progress }: ExamineOptions): Promise<CheckRecord> {
  const started = performance.now();
  const { checkModelFile } = await import("@sonde/checkup/files");
  const asked = { model, seed, ...(activation !== undefined && { activation }) };
  const readData = () => Promise.reject(new ConfigError("this page reads no data for model files"));
  const { result, settings, warnings } = await checkModelFile(file, asked, { readData, progress });
  return checkRecord({
    architecture: null,
    settings: { model, seed, failOn, ...(activation !== undefined && { activation }), ...settings },
    result,
    warnings,
    elapsedMs: performance.now() - started,
  });
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
    files.find(({ name }) => /\.json$/i.test(name)) ??
    files.find(({ name }) => /\.(onnx|keras|h5|safetensors|pth?)$/i.test(name)) ??
    first
  );
}

/** The object that a JSON file holds; `undefined` for what is none. */
function jsonOf(bytes: Uint8Array): Record<string, unknown> | undefined {
  const head = new TextDecoder().decode(bytes.subarray(0, 64));
  if (!/^\s*\{/.test(head)) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch (error) {
    throw new FormatError(`it is not JSON (${quote((error as Error).message).slice(1, -1)})`);
  }
}

/** Without tensors and graphs within attributes, which hold functions and so cannot leave a worker. */
function plainModel(model: InspectedModel): InspectedModel {
  return JSON.parse(JSON.stringify(model, (_, value) => (typeof value === "bigint" ? String(value) : value)));
}
