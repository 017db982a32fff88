import { type ModelFile, NotRunError } from "@sonde/formats";
import { fileSource, type NetworkSource } from "./network-source.js";
import { recordElsewhere } from "./record-elsewhere.js";
import { type ModelRecording, type RecordContext, type RecordOptions, recordNetwork, type Wanted } from "./record-model.js";

/**
 * Runs a model file on points, in float64, and tells what its layers put out; where it holds operators that Sonde does not run, by another program, if the context has one. The file must stay open while networks like it are drawn.
 *
 * Throws `ConfigError` or `FormatError` with one sentence for a model that cannot run on these points.
 */
export function recordModelFile(
  file: ModelFile,
  options: RecordOptions,
  context: RecordContext,
  wanted?: Wanted,
): Promise<ModelRecording> {
  return recordSource(fileSource(file, options), options, context, wanted);
}

/** The same of a source: by Sonde, or else by another program. */
export async function recordSource(
  source: NetworkSource,
  options: RecordOptions,
  context: RecordContext,
  wanted?: Wanted,
): Promise<ModelRecording> {
  try {
    return await recordNetwork(source, options, context, wanted);
  } catch (error) {
    if (!(error instanceof NotRunError && source.foreign && context.foreign)) throw error;
    return recordElsewhere(source.foreign(), source, options, context, { ...wanted, operators: error.operators });
  }
}
