import type { Finding, Verdict } from "../finding.js";
import type { RecordedDiagnosis } from "./diagnose-recorded.js";
import type { RecordedMeasurement } from "./measure-recorded.js";
import type { RecordedGradients } from "./recorded-gradients.js";
import type { Suggestion } from "./suggestions.js";
import type { Unmeasured } from "./unmeasured.js";

/** What `sonde check` says of recorded activations: the fields of the result on an architecture, as far as they exist. */
export interface RecordedCheckRecord extends Omit<RecordedMeasurement, "gradients"> {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** Empty: computed effects need the architecture. */
  readonly fixes: readonly [];
  readonly suggestions: readonly Suggestion[];
  readonly unmeasured: readonly Unmeasured[];
  readonly gradientGrowth?: RecordedGradients["growth"];
}

/**
 * The diagnosis of a recording as the record that `sonde check --json` has under `result`.
 *
 * @example
 * const diagnosis = diagnoseRecorded([{ name: "fc1", shape: [2, 2], data: Float64Array.of(1, 0, 0, 1) }]);
 * recordedResult(diagnosis).layers[0].name // "fc1"
 */
export function recordedResult({
  verdict,
  findings,
  suggestions,
  unmeasured,
  measurement: { gradients, ...measurement },
}: RecordedDiagnosis): RecordedCheckRecord {
  return {
    verdict,
    findings,
    fixes: [],
    suggestions,
    unmeasured,
    ...measurement,
    ...(gradients && { gradientGrowth: gradients.growth }),
  };
}
