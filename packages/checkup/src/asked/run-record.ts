import { type Architecture, architectureWarnings, hiddenLayers } from "@sonde/nets";
import { absences } from "./absences.js";

/** What was run. */
export interface Run {
  /** The version. */
  readonly sonde: string;
  readonly command: string;
  /** Null where the model does not tell it. */
  readonly architecture: Architecture | null;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly result: object;
  readonly warnings: readonly string[];
  readonly elapsedMs: number;
  readonly interrupted?: boolean;
}

/** What `--json` prints of a run: with a warning for every number that does not exist; `interrupted` only where it was. */
export function runRecord({ sonde, command, architecture, settings, result, warnings, elapsedMs, interrupted }: Run): Run {
  return {
    sonde,
    command,
    architecture,
    settings,
    result,
    warnings: [...warnings, ...absences(result, warnings)],
    elapsedMs,
    ...(interrupted && { interrupted }),
  };
}

/** What to say of an architecture before anything is run. */
export function modelWarnings(architecture: Architecture): string[] {
  const warnings = architectureWarnings(architecture);
  if (hiddenLayers(architecture).length === 0)
    warnings.push("the model has no hidden layer, so nothing in it can die and there are no layers to report");
  return warnings;
}
