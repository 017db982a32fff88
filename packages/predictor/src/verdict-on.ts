import { type Architecture, hiddenLayers } from "@sonde/nets";
import { type Failure, failureOf } from "./failure/failure.js";
import { findingsOf } from "./findings.js";
import { type Judged, judge } from "./judge.js";
import type { Measurement } from "./measurement.js";

/** The verdict on an architecture that was measured, and what it rests on; without the probability where the measurement was interrupted. */
export function verdictOn(architecture: Architecture, measurement: Measurement): Judged & { readonly failure?: Failure } {
  const failure = measurement.interrupted ? undefined : failureOf(architecture, measurement);
  return { failure, ...judge(findingsOf(measurement), failure, hiddenLayers(architecture).length) };
}
