import { ConfigError, quote } from "@sonde/core";
import type { NamedArray, NumericArray } from "@sonde/formats";
import type { RunContext } from "./command.js";
import { withForeign } from "./foreign.js";
import { describedGraph, weightsArchitecture } from "./model.js";
import { isModelFile } from "./model-file/is-model-file.js";
import type { SharedOptions } from "./options.js";

/** Whether MODEL is a file of recorded activations: `.npz`, `.npy`, or `.safetensors` that hold no weights. */
export async function isRecorded(model: string): Promise<boolean> {
  if (!/\.safetensors$/i.test(model)) return /\.np[zy]$/i.test(model);
  const [{ withModel }, { holdsRecording }] = await Promise.all([import("@sonde/formats/node"), import("@sonde/formats")]);
  return withModel(model, holdsRecording);
}

/** Options that every command understands of recorded activations. */
const always = ["json", "out", "quiet", "seed", "threads", "method", "host"];

/** Refuses options that say nothing about recorded activations, because they are about random networks; `own` are those of the command that do. */
export function checkRecordedOptions(
  model: string,
  options: SharedOptions,
  own: readonly string[],
  holds = "recorded activations",
): void {
  const understood = [...always, ...own];
  const other = Object.keys(options).find(
    (name) => !understood.includes(name) || (name === "method" && options.method !== "auto"),
  );
  if (other)
    throw new ConfigError(
      `--${other.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} is about random networks, but ${quote(model)} ${holds === "recorded activations" ? "holds" : "is"} ${holds}: leave it out`,
    );
}

/** Whether MODEL is a file of one network: recorded activations, or a model, or a graph that is no list, which is run to record them. */
export async function isOneNetwork(model: string): Promise<boolean> {
  return isModelFile(model) || (await isRecorded(model)) || (await describedGraph(model)) !== undefined;
}

/** What a graph that is no list is looked at as. */
export const drawnOfGraph = "a network drawn of this graph";

/** Options that say how weights are drawn, and where the points of a model come from. */
const ofDrawing = ["init", "weightVariance", "bias"];
const ofModels = ["data", "points", "standardize", "activation", "architecture"];

/** The layers of one network, and what to say of them. */
export interface OpenedRecording {
  readonly arrays: readonly (NamedArray & { readonly data: NumericArray })[];
  /** In a line: what MODEL is. */
  readonly line: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

/** What MODEL is, in a line, once its options are known to be about one network; `own` are those of the command. */
export async function oneNetwork(model: string, options: SharedOptions, own: readonly string[]): Promise<string> {
  if (await isRecorded(model)) {
    checkRecordedOptions(model, options, own);
    return "recorded activations";
  }
  if (!isModelFile(model)) {
    checkRecordedOptions(model, options, [...own, "data", "points", "standardize", ...ofDrawing], "a graph");
    return drawnOfGraph;
  }
  checkRecordedOptions(model, options, [...own, ...ofModels], "a model file");
  return "this network, by its own weights";
}

/** The layers of a recording, or of a model that runs on points. */
export async function openRecording(
  model: string,
  options: SharedOptions,
  context: Pick<RunContext, "progress" | "signal">,
): Promise<OpenedRecording> {
  if (await isRecorded(model)) {
    const arrays = await readRecording(model);
    const { channelsFirstWarnings } = await import("@sonde/checkup/files");
    return { arrays, line: "recorded activations", settings: {}, warnings: channelsFirstWarnings(arrays) };
  }
  const [{ describedSource, recordModelFile, recordNetwork }, { readDataSet, withModel }] = await Promise.all([
    import("@sonde/checkup/files"),
    import("@sonde/formats/node"),
  ]);
  const run = { ...context, readData: readDataSet };
  const own = { ...options, architecture: await weightsArchitecture(options) };
  const graph = isModelFile(model) ? undefined : await describedGraph(model);
  const { hidden, settings, warnings, inputs } = graph
    ? await recordNetwork(describedSource(graph, options), own, run)
    : await withModel(model, (file) => withForeign(model, context, (foreign) => recordModelFile(file, own, { ...run, foreign })));
  return {
    arrays: hidden.map(({ name, shape, data }) =>
      data instanceof Float32Array
        ? { name, shape, data, type: "float32" as const }
        : { name, shape, data: data as Float64Array, type: "float64" as const },
    ),
    line: `${graph ? drawnOfGraph : "this network"} on ${inputs}`,
    settings,
    warnings,
  };
}

/** What is recorded beside a layer: pre-activations and gradients. */
const companion = /^(.*)\.(pre|grad|weight_grad)$/;

/**
 * The recorded layers in a file, without what was recorded beside them. Throws `ConfigError` where one has more units than a layer may have.
 */
async function readRecording(model: string): Promise<NamedArray[]> {
  const arrays = await readWholeRecording(model);
  const names = new Set(arrays.map(({ name }) => name));
  return arrays.filter(({ name }) => !names.has(companion.exec(name)?.[1] ?? ""));
}

/** The same with `NAME.pre`, `NAME.grad` and `NAME.weight_grad` of the layer `NAME`. */
async function readWholeRecording(model: string): Promise<NamedArray[]> {
  const arrays = await (await import("@sonde/formats/node")).readArrays(model);
  (await import("@sonde/checkup/files")).checkUnits(model, arrays);
  return arrays;
}
