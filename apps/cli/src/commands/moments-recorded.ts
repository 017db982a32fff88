import { reals } from "@sonde/checkup/files";
import { ConfigError, quote, SondeError } from "@sonde/core";
import { recordedMoments } from "@sonde/moments";
import { runOn } from "../command.js";
import { isModelFile } from "../model-file/is-model-file.js";
import { oneNetwork, openRecording } from "../recorded.js";
import { momentsRecordedReport, type RecordedLayer } from "../render/moments-recorded.js";
import type { MomentsOptions } from "./moments.js";

/** `sonde moments recorded.npz`. */
export async function momentsRecorded(model: string, options: MomentsOptions): Promise<number> {
  const started = performance.now();
  const line = await oneNetwork(model, options, isModelFile(model) ? ["standardize", "batch"] : ["standardize"]);
  if (options.standardize !== undefined && !isModelFile(model))
    throw new ConfigError(
      `--${options.standardize ? "" : "no-"}standardize is about inputs, and recorded activations are taken as they are: leave it out`,
    );
  const subject = { name: "moments", model, started, architecture: null, line, settings: { model }, warnings: [] };
  return runOn(subject, options, async (context) => {
    const { arrays, settings, warnings } = await openRecording(model, { ...options, points: options.batch }, context);
    const layers = arrays.map(
      ({ name, shape, data }, l): RecordedLayer => ({
        layer: l + 1,
        name,
        shape,
        ...momentsOf(model, name, { shape, data: reals(data) }),
      }),
    );
    return {
      result: { layers },
      settings,
      warnings,
      interrupted: false,
      exitCode: 0,
      report: (page) => momentsRecordedReport(page, model, layers),
    };
  });
}

function momentsOf(model: string, name: string, array: { shape: readonly number[]; data: Float32Array | Float64Array }) {
  try {
    return recordedMoments(array);
  } catch (error) {
    throw error instanceof SondeError
      ? new ConfigError(`in ${quote(model)}, ${quote(name)}: ${error.message}`, { cause: error })
      : error;
  }
}
