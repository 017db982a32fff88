import type { ModelFile } from "@sonde/formats";
import {
  diagnoseRecorded,
  type NetworksLike,
  networksLike,
  type RecordedCheckRecord,
  type RecordedDiagnosis,
  recordedResult,
} from "@sonde/predictor";
import { about } from "./about.js";
import { type EnsembleLike, ensembleLike } from "./ensemble-like.js";
import { describedSource, fileSource, type NetworkSource } from "./network-source.js";
import type { ModelRecording, RecordContext, RecordOptions } from "./record-model.js";
import { recordSource } from "./record-source.js";

/** Networks like a model, and how they were drawn. */
export interface LikeModel extends Partial<NetworksLike> {
  readonly initialiser: string;
  /** Whether the law was recognised, or is what such files usually begin with. */
  readonly recognised: boolean;
  readonly points: number;
  /** Why there are no numbers. */
  readonly reason?: string;
  /** Random networks of the list of layers that its graph is; absent where it is none, or that would take long. */
  readonly ensemble?: EnsembleLike;
}

/** The check-up of a model file. */
export interface ModelCheckup {
  /** What `sonde check --json` has under `result`. */
  readonly result: RecordedCheckRecord & {
    readonly weights: ModelRecording["weights"];
    readonly like?: LikeModel;
    /** The other program that it ran by, in single precision; absent where Sonde ran it. */
    readonly program?: string;
  };
  /** What it ran on, by the names of the options. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
  readonly diagnosis: RecordedDiagnosis;
  /** In words: the points. */
  readonly inputs: string;
}

/**
 * Runs the network of a model file on points, says what is wrong with it, and whether it is worse than networks of the same graph that are drawn anew. The file must be open. `model` is its name, for errors.
 *
 * Throws `ConfigError` or `FormatError` with one sentence for a model that cannot run.
 */
export function checkModelFile(
  file: ModelFile,
  options: RecordOptions & { readonly model: string },
  context: RecordContext,
): Promise<ModelCheckup> {
  return checkNetwork(fileSource(file, options), options, context);
}

/** Networks that are drawn before one is of the most frequent verdict. */
const tries = 8;

/**
 * Draws networks of an architecture file in graph form, and says what is wrong with them: the one that is shown is of the verdict that most of them have.
 *
 * Throws `ConfigError` or `ShapeError` with one sentence for what is wrong with the file.
 */
export async function checkDescribed(
  value: Readonly<Record<string, unknown>>,
  options: RecordOptions & { readonly model: string },
  context: RecordContext,
): Promise<ModelCheckup> {
  let shown: ModelCheckup | undefined;
  for (let k = 0; k < tries; k++) {
    const found = await checkNetwork(describedSource(value, options, k), options, context);
    const { verdict, like } = found.result;
    shown ??= found;
    const { verdicts } = like ?? {};
    if (!verdicts || verdicts[verdict] >= Math.max(...Object.values(verdicts))) return found;
    // Of a few networks one verdict may be as frequent as another.
    if (context.signal?.aborted) break;
  }
  return shown as ModelCheckup;
}

async function checkNetwork(
  source: NetworkSource,
  options: RecordOptions & { readonly model: string },
  context: RecordContext,
): Promise<ModelCheckup> {
  const { model, seed, networks } = options;
  const recording = await recordSource(source, options, context, { gradients: true, like: true });
  const list = source.list?.();
  const input = recording.arrays.find(({ name }) => name === "input");
  const ensemble = list && (await ensembleLike(list, input, { seed, ...workers(context) }));
  const diagnosis = about(model, () =>
    diagnosed(diagnoseRecorded(recording.arrays, { seed, unitErrors: true, sums: recording.sums }), recording, ensemble),
  );
  const drawnAlike = await likeModel(model, recording, seed, context);
  const like = drawnAlike && { ...drawnAlike, ...(ensemble && { ensemble }) };
  const { weights, inputs, settings, program } = recording;
  const { initialiser, trained, evidence, drawn } = weights;
  return {
    result: {
      ...recordedResult(diagnosis),
      weights: { initialiser, trained, evidence, ...(drawn && { drawn }) },
      like,
      ...(program !== undefined && { program }),
    },
    settings: { ...settings, ...(networks !== undefined && { networks }) },
    warnings: [...recording.warnings, ...roundedAngles(recording, diagnosis), ...withoutWeights(weights)],
    diagnosis,
    inputs,
  };
}

function workers({ threads, createWorker, signal }: RecordContext) {
  return { ...(threads !== undefined && { threads }), ...(createWorker && { createWorker }), ...(signal && { signal }) };
}

/** What a model does not tell is less than what a recording does not tell. */
function diagnosed(
  { unmeasured, ...diagnosis }: RecordedDiagnosis,
  { program, weights: { negligible = [], drawn } }: Pick<ModelRecording, "program" | "weights">,
  ensemble?: EnsembleLike,
): RecordedDiagnosis {
  const reasons: Readonly<Record<string, string>> = {
    "probability of failing to train": drawn
      ? "it is calibrated for lists of layers, and this graph is none"
      : `it is calibrated for random networks of lists of layers, and this is one network of a file${ensemble?.failure ? "; that of networks like it is below" : ""}`,
    "probability of being born dead": drawn
      ? "it is computed for lists of layers; networks like it say how many were dead"
      : "this network is there already: it is said whether it is dead",
    gradients: program
      ? "the program that ran it carries none back"
      : "they were not carried back: some layer has none, or it would have taken long",
    "slopes and saturation": "no activation with a slope was looked at, or they are too many to be kept",
    outputs: "it has none with one row for each point",
    "theory, and cures with their computed effect": drawn
      ? "both need a list of layers, and this graph is none"
      : "both need an architecture: sonde inspect shows the layers to write one down",
  };
  return {
    ...diagnosis,
    suggestions: diagnosis.suggestions.map((suggestion) =>
      negligible.length > 0 && ofNothing.has(suggestion.pathology) ? { ...suggestion, change: drawAnew } : suggestion,
    ),
    unmeasured: unmeasured.map(({ question, reason }) => ({ question, reason: reasons[question] ?? reason })),
  };
}

/** What weights of next to nothing bring about, and what to do about it. */
const ofNothing: ReadonlySet<string> = new Set([
  "constant-layer",
  "vanishing-angles",
  "vanishing-signal",
  "vanishing-gradients",
  "degenerate-pairs",
]);
const drawAnew =
  "draw the weights anew and train again, with less weight decay or another learning rate: these have shrunk to next to nothing";

/** From which layer on angles are no more than the rounding of another program. */
function roundedAngles({ program }: Pick<ModelRecording, "program">, { measurement }: RecordedDiagnosis): string[] {
  const first = measurement.layers.find(({ rounding }) => rounding);
  return program && first
    ? [
        `from layer ${first.layer} on angles are below the rounding of single precision (ln sin^2 below ${first.resolution}): how small they are is not known`,
      ]
    : [];
}

/** Weights of next to nothing as the cause of what follows from them. */
function withoutWeights({ negligible = [], evidence }: ModelRecording["weights"]): string[] {
  const told = evidence.find((sentence) => sentence.includes("next to nothing"));
  return negligible.length > 0 && told
    ? [`${told}: hardly anything but the biases goes on from there, whatever the input is`]
    : [];
}

/** Figures of this network beside those of networks like it. */
async function likeModel(
  model: string,
  { like }: ModelRecording,
  seed: number,
  { progress, signal }: Pick<RecordContext, "progress" | "signal">,
): Promise<LikeModel | undefined> {
  if (!like) return undefined;
  const { initialiser, recognised, points, networks, reason } = like;
  const drawnBy = { initialiser, recognised, points };
  if (networks === 0) return { ...drawnBy, ...(reason !== undefined && { reason }) };
  const others = [];
  for (let k = 0; k < networks && !signal?.aborted; k++) {
    const recorded = await like.record(k);
    others.push(about(model, () => diagnoseRecorded(recorded, { seed, unitErrors: true })));
    progress?.(k + 1, networks, "networks like it");
  }
  const own = about(model, () => diagnoseRecorded(like.own, { seed, unitErrors: true }));
  return { ...drawnBy, ...networksLike(own, others) };
}
