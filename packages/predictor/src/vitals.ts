import type { Estimate } from "@sonde/core";
import type { Architecture } from "@sonde/nets";
import { examinations } from "./examinations/list.js";
import type { Failure } from "./failure/failure.js";
import type { Finding, Verdict } from "./finding.js";
import type { Measurement } from "./measurement.js";
import { verdictOn } from "./verdict-on.js";

/** The numbers that a verdict rests on and changes are compared by; those of angles and spread are absent where the inputs are a single point or ray. */
export interface Vitals {
  readonly verdict: Verdict;
  /** What was found, in short. */
  readonly findings: readonly Pick<Finding, "pathology" | "severity">[];
  /** P(fails to train), and whether it is calibrated for such networks; absent where the signal was interrupted before all of it was measured. */
  readonly failure?: Pick<Failure, keyof Estimate | "inRange">;
  /** P(born dead). */
  readonly bornDead: Estimate;
  /** The share of points alive through all hidden layers; absent without hidden layers. */
  readonly livingRatio?: Estimate;
  /** The fraction of degenerate pairs at the last hidden layer. */
  readonly degenerate?: Estimate;
  /** Mean ln sin^2 of the angle at the last hidden layer; `sd` over networks and pairs. */
  readonly logSin2?: Estimate & { readonly sd: number };
  /** The VNI at the last hidden layer; absent where nothing was asked about units. */
  readonly vni?: Estimate;
  /** Mean ln of the variance over the points at the last hidden layer, over the inputs'; of networks that are not constant. */
  readonly logSpread?: Estimate;
  /** The largest share of saturated values in a layer; absent where nothing saturates. */
  readonly saturated?: Estimate;
  /** Largest less smallest ln |dL/dW| over the hidden layers; absent for fewer than two. */
  readonly gradientSpread?: number;
  /** The share of outputs that are zero at every point. */
  readonly deadOutputs?: Estimate;
  readonly networks: number;
}

/** The vitals of an architecture that was measured. */
export function vitalsOf(architecture: Architecture, measurement: Measurement): Vitals {
  const parts = examinations.map(({ name, vitals }) => (measurement[name] ? vitals(measurement[name]) : {}));
  const { verdict, failure, findings } = verdictOn(architecture, measurement);
  const named = findings.map(({ pathology, severity }) => ({ pathology, severity }));
  return Object.assign(
    { verdict, findings: named, failure: failure && inShort(failure), bornDead: measurement.death },
    ...parts,
    { networks: measurement.networks },
  );
}

function inShort({ value, standardError, low, high, networks, inRange }: Failure): Vitals["failure"] {
  return { value, standardError, low, high, networks, inRange };
}
