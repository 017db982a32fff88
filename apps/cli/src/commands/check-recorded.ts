import { ConfigError, quote, SondeError } from "@sonde/core";
import { diagnoseRecorded, type RecordedArray, type RecordedMeasurement, recordedResult, withCompanions } from "@sonde/predictor";
import { runOn } from "../command.js";
import { exitCodeOf } from "../exit-codes.js";
import { channelsFirstWarnings, checkRecordedOptions, readWholeRecording, reals } from "../recorded.js";
import { checkRecordedReport } from "../render/check-recorded.js";
import type { CheckOptions } from "./check.js";

/** `sonde check recorded.npz`. */
export function checkRecorded(model: string, options: CheckOptions): Promise<number> {
  const started = performance.now();
  checkRecordedOptions(model, options, ["failOn", "plot", "theme", "activation", "html", "sarif", "junit"]);
  const { seed, failOn, activation } = options;
  const subject = {
    name: "check",
    model,
    started,
    architecture: null,
    line: "recorded activations",
    settings: { model, seed, failOn, ...(activation !== undefined && { activation }) },
    warnings: [],
  };
  return runOn(subject, options, async () => {
    const arrays = await readWholeRecording(model);
    const diagnosis = examine(model, arrays, { seed, activation });
    const { verdict, measurement } = diagnosis;
    return {
      result: recordedResult(diagnosis),
      settings: {},
      warnings: [...channelsFirstWarnings(arrays), ...withoutAngles(measurement)],
      interrupted: false,
      exitCode: exitCodeOf(verdict, failOn),
      figure: (plots, text) => plots.recordedCheckFigure(measurement, text),
      report: (page) => checkRecordedReport(page, { model, diagnosis }),
    };
  });
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

/** What is wrong with the activations is said with their file. */
function examine(
  model: string,
  arrays: Awaited<ReturnType<typeof readWholeRecording>>,
  { seed, activation }: Pick<CheckOptions, "seed" | "activation">,
) {
  const recorded = arrays.map(
    ({ data, ...array }): RecordedArray => ({ ...array, data: reals(data), ...(activation !== undefined && { activation }) }),
  );
  try {
    return diagnoseRecorded(withCompanions(recorded), { seed });
  } catch (error) {
    throw error instanceof SondeError ? new ConfigError(`in ${quote(model)}: ${error.message}`, { cause: error }) : error;
  }
}
