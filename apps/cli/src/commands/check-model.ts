import { diagnoseRecorded, type NetworksLike, networksLike, type RecordedDiagnosis, recordedResult } from "@sonde/predictor";
import { runOn } from "../command.js";
import { exitCodeOf } from "../exit-codes.js";
import { about, type ModelRecording, recordModelFile } from "../model-file/record.js";
import { checkRecordedOptions } from "../recorded.js";
import { checkModelReport } from "../render/check-model.js";
import type { CheckOptions } from "./check.js";

/** Networks like a model, and how they were drawn. */
export interface LikeModel extends Partial<NetworksLike> {
  readonly initialiser: string;
  /** Whether the law was recognised, or is what such files usually begin with. */
  readonly recognised: boolean;
  readonly points: number;
  /** Why there are no numbers. */
  readonly reason?: string;
}

/** `sonde check model.onnx`: this network on points, and networks like it. */
export function checkModel(model: string, options: CheckOptions): Promise<number> {
  const started = performance.now();
  const own = [
    "failOn",
    "plot",
    "theme",
    "activation",
    "data",
    "points",
    "standardize",
    "networks",
    "init",
    "bias",
    "weightVariance",
    "html",
    "sarif",
    "junit",
  ];
  checkRecordedOptions(model, options, own, "a model file");
  const { seed, failOn, activation, networks } = options;
  const subject = {
    name: "check",
    model,
    started,
    architecture: null,
    line: "this network, by its own weights",
    settings: { model, seed, failOn, ...(activation !== undefined && { activation }) },
    warnings: [],
  };
  return runOn(subject, options, (context) =>
    recordModelFile(model, options, context, { gradients: true, like: true }, (recording) => {
      const diagnosis = about(model, () =>
        diagnosed(diagnoseRecorded(recording.arrays, { seed, unitErrors: true }), recording.weights),
      );
      const like = likeModel(model, recording, seed, context);
      const { verdict, measurement } = diagnosis;
      const { weights, inputs, settings } = recording;
      const warnings = [...recording.warnings, ...withoutWeights(weights)];
      return {
        result: {
          ...recordedResult(diagnosis),
          weights: { initialiser: weights.initialiser, trained: weights.trained, evidence: weights.evidence },
          like,
        },
        settings: { ...settings, ...(networks !== undefined && { networks }) },
        warnings,
        interrupted: false,
        exitCode: exitCodeOf(verdict, failOn),
        figure: (plots, text) => plots.recordedCheckFigure(measurement, text),
        report: (page) => checkModelReport(page, { model, diagnosis, inputs, weights, like }),
      };
    }),
  );
}

/** What a model does not tell is less than what a recording does not tell. */
function diagnosed(
  { unmeasured, ...diagnosis }: RecordedDiagnosis,
  { negligible = [] }: ModelRecording["weights"],
): RecordedDiagnosis {
  const reasons: Readonly<Record<string, string>> = {
    "probability of failing to train":
      "it is calibrated for random networks of lists of layers, and this is one network of a file",
    "probability of being born dead": "this network is there already: it is said whether it is dead",
    gradients: "they were not carried back: some layer has none, or it would have taken long",
    "slopes and saturation": "no activation with a slope was looked at, or they are too many to be kept",
    outputs: "it has none with one row for each point",
    "theory, and cures with their computed effect": "both need an architecture: sonde inspect shows the layers to write one down",
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

/** Weights of next to nothing as the cause of what follows from them. */
function withoutWeights({ negligible = [], evidence }: ModelRecording["weights"]): string[] {
  const told = evidence.find((sentence) => sentence.includes("next to nothing"));
  return negligible.length > 0 && told
    ? [`${told}: hardly anything but the biases goes on from there, whatever the input is`]
    : [];
}

/** Figures of this network beside those of networks like it. */
function likeModel(
  model: string,
  { like }: ModelRecording,
  seed: number,
  { progress, signal }: { readonly progress: (done: number, most: number, noun?: string) => void; readonly signal: AbortSignal },
): LikeModel | undefined {
  if (!like) return undefined;
  const { initialiser, recognised, points, networks, reason } = like;
  const drawnBy = { initialiser, recognised, points };
  if (networks === 0) return { ...drawnBy, ...(reason !== undefined && { reason }) };
  const others = [];
  for (let k = 0; k < networks && !signal.aborted; k++) {
    others.push(about(model, () => diagnoseRecorded(like.record(k), { seed, unitErrors: true })));
    progress(k + 1, networks, "networks like it");
  }
  const own = about(model, () => diagnoseRecorded(like.own, { seed, unitErrors: true }));
  return { ...drawnBy, ...networksLike(own, others) };
}
