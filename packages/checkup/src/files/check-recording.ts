import type { NamedArray } from "@sonde/formats";
import {
  diagnoseRecorded,
  type RecordedArray,
  type RecordedCheckRecord,
  type RecordedDiagnosis,
  type RecordedMeasurement,
  recordedResult,
  withCompanions,
} from "@sonde/predictor";
import { about } from "./about.js";
import { channelsFirstWarnings, checkUnits, reals } from "./recording.js";

export interface CheckRecordingOptions {
  /** The name of the file, for errors. */
  readonly model: string;
  readonly seed: number;
  /** Of all layers. */
  readonly activation?: string;
}

/** The check-up of recorded activations. */
export interface RecordingCheckup {
  /** What `sonde check --json` has under `result`. */
  readonly result: RecordedCheckRecord;
  readonly diagnosis: RecordedDiagnosis;
  readonly warnings: readonly string[];
}

/**
 * Says what is wrong with recorded activations: the arrays of a file, with `NAME.pre`, `NAME.grad` and `NAME.weight_grad` beside the layer `NAME`.
 *
 * Throws `ConfigError` with one sentence for arrays that are no activations.
 */
export function checkRecording(
  arrays: readonly NamedArray[],
  { model, seed, activation }: CheckRecordingOptions,
): RecordingCheckup {
  checkUnits(model, arrays);
  const recorded = arrays.map(
    ({ data, ...array }): RecordedArray => ({ ...array, data: reals(data), ...(activation !== undefined && { activation }) }),
  );
  const diagnosis = about(model, () => diagnoseRecorded(withCompanions(recorded), { seed }));
  return {
    result: recordedResult(diagnosis),
    diagnosis,
    warnings: [...channelsFirstWarnings(arrays), ...withoutAngles(diagnosis.measurement)],
  };
}

/** Why there are no angles, or some that are rounding. */
function withoutAngles({ layers, points, pairs, inputs }: RecordedMeasurement): string[] {
  const leftOut = inputs?.indistinguishablePairs.leftOut ?? 0;
  const rounded = layers.find(({ rounding }) => rounding);
  const flat = layers.filter(({ angle }) => angle === undefined).map(({ layer }) => layer);
  return [
    ...(points < 2
      ? ["one point has no angles, and says little about units: record some hundred"]
      : pairs > 0 && leftOut === pairs
        ? ["the inputs tell no two points apart by direction, so there are no angles to report"]
        : flat.length > 0
          ? [`layers of one number a point have no angles: layer ${flat.join(", ")}`]
          : []),
    ...(rounded
      ? [
          `from layer ${rounded.layer} on angles are below the rounding of the recorded numbers (ln sin^2 below ${rounded.resolution}): record them in float64 to see how small they are`,
        ]
      : []),
  ];
}
