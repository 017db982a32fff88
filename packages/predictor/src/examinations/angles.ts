import { angleBetween, type Estimate, type Matrix, row } from "@sonde/core";
import {
  type AnglesRecord,
  type AnglesState,
  anglesRecord,
  anglesRequest,
  measuredPairs,
  type Pair,
} from "@sonde/metrics-correlation";
import { cite } from "../bibliography.js";
import { type Finding, percent } from "../finding.js";
import { thresholds } from "../thresholds.js";
import type { Examination } from "./examination.js";

/** The record of angles, and what they were before any layer. */
export interface DoctorsAnglesRecord extends AnglesRecord {
  /** Mean ln sin^2 of the measured pairs at the inputs, opposite ones left out; NaN without any. */
  readonly inputLogSin2: number;
}

/** Do inputs become indistinguishable with depth? */
export const anglesExamination: Examination<AnglesState, DoctorsAnglesRecord> = {
  name: "angles",
  // A single point or ray has no angles, nor have points that no direction tells apart.
  request: ({ architecture, domain: { inputs }, options }) =>
    inputs.rows >= 2 && measuredPairs(inputs, options).pairs.length > 0
      ? anglesRequest(architecture, inputs, options)
      : undefined,
  record: (state, { domain: { inputs }, options }, run) => ({
    ...anglesRecord(state, run),
    inputLogSin2: meanLogSin2(inputs, measuredPairs(inputs, options).pairs),
  }),
  findings: angleFindings,
  vitals: ({ layers }) => {
    const last = layers.at(-1);
    return last ? { degenerate: last.degenerateEstimate, logSin2: last.logSin2 } : {};
  },
};

/** The angles of a layer, as far as they are judged. */
export interface JudgedAngles {
  readonly layer: number;
  readonly logSin2: Estimate;
  readonly angle: Estimate;
  readonly degenerate: number;
  /** ln sin^2 below which the numbers hold rounding only, where they were rounded. */
  readonly resolution?: number;
}

/** What is called a pathology of angles; `inputLogSin2` is NaN where the inputs are not known. */
export function angleFindings(record: { readonly layers: readonly JudgedAngles[]; readonly inputLogSin2: number }): Finding[] {
  return [...degeneratePairs(record.layers), ...vanishingAngles(record.layers, record.inputLogSin2)];
}

function degeneratePairs(layers: readonly JudgedAngles[]): Finding[] {
  const { atRisk: most, degenerate } = thresholds.degeneratePairs;
  const last = layers.at(-1);
  if (!last || !(last.degenerate > most)) return [];
  const { layer } = layers.find(({ degenerate }) => degenerate > most) ?? last;
  return [
    {
      pathology: "degenerate-pairs",
      severity: last.degenerate > degenerate ? "degenerate" : "at-risk",
      layer,
      evidence: `${percent(last.degenerate)} of the pairs of inputs cannot be told apart by direction at the last hidden layer; more than ${percent(most)} from layer ${layer} on`,
      explanation:
        "One input of the pair is mapped to zero or the two to one ray, so later layers see them as the same up to scale. Pairs that the inputs themselves do not tell apart are not counted.",
      source: cite("depthDegeneracy"),
    },
  ];
}

function meanLogSin2(inputs: Matrix, pairs: readonly Pair[]): number {
  const angles = pairs.flatMap(([i, j]) => angleBetween(row(inputs, i), row(inputs, j))?.logSin2 ?? []).filter(Number.isFinite);
  return angles.reduce((sum, value) => sum + value, 0) / angles.length;
}

function vanishingAngles(layers: readonly JudgedAngles[], inputLogSin2: number): Finding[] {
  const { atRisk: least, degenerate } = thresholds.logSin2;
  // Behind a layer of one unit there are no angles left, which is not their fault.
  const last = layers.filter(({ logSin2 }) => logSin2.networks > 0).at(-1);
  // Nearly opposite inputs, such as those of a tanh network on an interval around 0, have no sine either, and are as far apart as can be.
  if (!last || !(last.logSin2.value < least) || last.angle.value > Math.PI / 2) return [];
  if (inputLogSin2 < least && !(last.logSin2.value - inputLogSin2 < least))
    return [
      {
        pathology: "vanishing-angles",
        severity: "at-risk",
        layer: 0,
        evidence: `mean ln sin^2 of the angle between inputs is ${inputLogSin2.toFixed(2)} before any layer, and ${last.logSin2.value.toFixed(2)} at the last hidden layer`,
        explanation:
          "The inputs themselves are nearly parallel: what they have in common, or one column of large numbers, hides what differs. The network hardly changes that.",
        source: cite("angles"),
      },
    ];
  const { layer } = layers.find(({ logSin2 }) => logSin2.value < least) ?? last;
  const own = inputLogSin2 < least ? last.logSin2.value - inputLogSin2 : last.logSin2.value;
  return [
    {
      pathology: "vanishing-angles",
      severity: own < degenerate ? "degenerate" : "at-risk",
      layer,
      evidence: `mean ln sin^2 of the angle between inputs is ${sizeOfAngle(last)}, below ${least} from layer ${layer} on`,
      explanation: "Different inputs become nearly parallel with depth, so the output layer can hardly tell them apart.",
      source: cite("angles"),
    },
  ];
}

/** An angle at the last layer in words; rounding is not reported as one. */
function sizeOfAngle({ logSin2, angle, resolution = Number.NEGATIVE_INFINITY }: JudgedAngles): string {
  return logSin2.value < resolution
    ? `below ${resolution} at the last hidden layer (nothing but the rounding of the recorded numbers)`
    : `${logSin2.value.toFixed(2)} at the last hidden layer (${angle.value.toPrecision(2)} rad)`;
}
