import { nextTurn } from "@sonde/core";
import type { Architecture } from "@sonde/nets";
import type { PredictedLayer } from "./angles/index.js";
import { isStepLike } from "./examinations/scale.js";
import type { Failure } from "./failure/failure.js";
import { findFixes } from "./find-fixes.js";
import type { Finding, Verdict } from "./finding.js";
import type { Fix } from "./fix.js";
import { measure } from "./measure.js";
import type { Measurement, MeasureOptions } from "./measurement.js";
import { predictedAngles } from "./prediction.js";
import { sharingWorkers } from "./sharing-workers.js";
import { verdictOn } from "./verdict-on.js";
import { vitalsOf } from "./vitals.js";
import { type WidthLimit, widthLimit } from "./width-limit.js";

export interface Diagnosis {
  readonly verdict: Verdict;
  /** P(fails to train); absent where the signal was interrupted before all of it was measured. */
  readonly failure?: Failure;
  readonly findings: readonly Finding[];
  /** Changes that improve the verdict or its numbers, best first; empty for a healthy model. */
  readonly fixes: readonly Fix[];
  readonly measurement: Measurement;
  /** The law of ln sin^2 of the angle that is predicted for the same pairs of inputs, layer by layer; absent where it is not known for the architecture. */
  readonly predictedAngles?: readonly PredictedLayer["finiteWidth"][];
  /** How far kernels are from infinite width, layer by layer; absent where there is no such limit, or it would take too long. */
  readonly widthLimit?: WidthLimit;
}

/** What infinite width says of saturated networks takes long, and they are told as such. */
function wantsLimit({ interrupted, scale }: Measurement): boolean {
  return !interrupted && scale !== undefined && !isStepLike(scale);
}

/**
 * The doctor: measures an architecture, names the pathologies with their layer, and computes what each change that may help would do.
 *
 * @throws ConfigError, ShapeError or DomainError for a request that makes no sense
 *
 * @example
 * const { verdict } = await diagnose(mlp("1-2x9-1"), { networks: 1000 });
 * verdict // "degenerate"
 */
export function diagnose(architecture: Architecture, options: MeasureOptions = {}): Promise<Diagnosis> {
  return sharingWorkers(options, (shared) => diagnosis(architecture, shared));
}

async function diagnosis(architecture: Architecture, options: MeasureOptions): Promise<Diagnosis> {
  const measuring = measure(architecture, options);
  // What makes no sense is refused before the next turn; then workers are at it, and this thread is free.
  await Promise.race([measuring, nextTurn()]);
  const predicted = predictedAngles(architecture, options);
  const measurement = await measuring;
  const { verdict, failure, findings } = verdictOn(architecture, measurement);
  const well = verdict === "healthy" || measurement.interrupted;
  const fixes = well ? [] : await findFixes(architecture, vitalsOf(architecture, measurement), options);
  return {
    verdict,
    failure,
    findings,
    fixes,
    measurement,
    predictedAngles: predicted,
    widthLimit: wantsLimit(measurement) ? await widthLimit(architecture, options) : undefined,
  };
}
