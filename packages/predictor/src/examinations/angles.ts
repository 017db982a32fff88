import { angleBetween, type Matrix, row } from "@sonde/core";
import {
  type AnglesLayer,
  type AnglesRecord,
  type AnglesState,
  anglesRecord,
  anglesRequest,
  measuredPairs,
  type Pair,
} from "@sonde/metrics-correlation";
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
  findings: ({ layers, inputLogSin2 }) => [...degeneratePairs(layers), ...vanishingAngles(layers, inputLogSin2)],
  vitals: ({ layers }) => {
    const last = layers.at(-1);
    return last ? { degenerate: last.degenerateEstimate, logSin2: last.logSin2 } : {};
  },
};

function degeneratePairs(layers: readonly AnglesLayer[]): Finding[] {
  const { atRisk: most, degenerate } = thresholds.degeneratePairs;
  const last = layers.at(-1);
  if (!last || !(last.degenerate > most)) return [];
  const layer = layers.findIndex(({ degenerate }) => degenerate > most) + 1;
  return [
    {
      pathology: "degenerate-pairs",
      severity: last.degenerate > degenerate ? "degenerate" : "at-risk",
      layer,
      evidence: `${percent(last.degenerate)} of the pairs of inputs cannot be told apart by direction at the last hidden layer; more than ${percent(most)} from layer ${layer} on`,
      explanation:
        "One input of the pair is mapped to zero or the two to one ray, so later layers see them as the same up to scale. Pairs that the inputs themselves do not tell apart are not counted.",
      source: "Jakub, Nica 2024 (arXiv 2302.09712)",
    },
  ];
}

function meanLogSin2(inputs: Matrix, pairs: readonly Pair[]): number {
  const angles = pairs.flatMap(([i, j]) => angleBetween(row(inputs, i), row(inputs, j))?.logSin2 ?? []).filter(Number.isFinite);
  return angles.reduce((sum, value) => sum + value, 0) / angles.length;
}

function vanishingAngles(layers: readonly AnglesLayer[], inputLogSin2: number): Finding[] {
  const { atRisk: least, degenerate } = thresholds.logSin2;
  // Behind a layer of one unit there are no angles left, which is not their fault.
  const last = layers.filter(({ logSin2 }) => logSin2.networks > 0).at(-1);
  if (!last || !(last.logSin2.value < least)) return [];
  if (inputLogSin2 < least && !(last.logSin2.value - inputLogSin2 < least))
    return [
      {
        pathology: "vanishing-angles",
        severity: "at-risk",
        layer: 0,
        evidence: `mean ln sin^2 of the angle between inputs is ${inputLogSin2.toFixed(2)} before any layer, and ${last.logSin2.value.toFixed(2)} at the last hidden layer`,
        explanation:
          "The inputs themselves are nearly parallel: what they have in common, or one column of large numbers, hides what differs. The network hardly changes that.",
        source: "Jakub, Nica 2023 (arXiv 2306.01513)",
      },
    ];
  const layer = layers.findIndex(({ logSin2 }) => logSin2.value < least) + 1;
  const own = inputLogSin2 < least ? last.logSin2.value - inputLogSin2 : last.logSin2.value;
  return [
    {
      pathology: "vanishing-angles",
      severity: own < degenerate ? "degenerate" : "at-risk",
      layer,
      evidence: `mean ln sin^2 of the angle between inputs is ${last.logSin2.value.toFixed(2)} at the last hidden layer (${last.angle.value.toPrecision(2)} rad), below ${least} from layer ${layer} on`,
      explanation: "Different inputs become nearly parallel with depth, so the output layer can hardly tell them apart.",
      source: "Jakub, Nica 2023 (arXiv 2306.01513)",
    },
  ];
}
