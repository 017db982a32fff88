import { ConfigError, FormatError, quote } from "@sonde/core";
import { type InspectedModel, inspectModel, type NumericArray, parseModel, parseNpy, parseNpz } from "@sonde/formats";
import { type Architecture, readArchitecture } from "@sonde/nets";
import { diagnoseRecorded, type RecordedDiagnosis } from "@sonde/predictor";

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
  | {
      readonly kind: "recorded";
      readonly name: string;
      readonly diagnosis: RecordedDiagnosis;
      readonly notes: readonly string[];
    };

/**
 * What dropped files are: an architecture file, recorded activations, or a model with the files beside it. Throws the sentences of the readers for anything else.
 */
export async function examineFiles(files: readonly DroppedFile[]): Promise<Examined> {
  const main = mainFile(files);
  const { name, bytes } = main;
  if (/\.np[yz]$/i.test(name)) return { kind: "recorded", name, diagnosis: diagnoseRecorded(await arraysOf(main)), notes: [] };
  const json = jsonOf(bytes);
  if (json && "layers" in json && "input" in json) return { kind: "architecture", name, ...readArchitecture(json) };
  const beside = Object.fromEntries(files.filter((file) => file !== main).map((file) => [file.name, file.bytes]));
  const file = await parseModel(bytes, { files: beside });
  return { kind: "model", name, model: plainModel(inspectModel(file)), notes: file.notes };
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

async function arraysOf({ name, bytes }: DroppedFile) {
  const arrays = /\.npz$/i.test(name) ? await parseNpz(bytes) : [{ name: name.replace(/\.npy$/i, ""), ...parseNpy(bytes) }];
  return arrays.map(({ data, ...array }) => ({ ...array, data: reals(data) }));
}

function reals(data: NumericArray): Float32Array | Float64Array {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  return Float64Array.from(data as ArrayLike<number | bigint>, Number);
}

/** Without tensors and graphs within attributes, which hold functions and so cannot leave a worker. */
function plainModel(model: InspectedModel): InspectedModel {
  return JSON.parse(JSON.stringify(model, (_, value) => (typeof value === "bigint" ? String(value) : value)));
}
