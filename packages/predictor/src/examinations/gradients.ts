import type { Matrix } from "@sonde/core";
import { ConfigError } from "@sonde/core";
import { log } from "@sonde/core/math";
import {
  type GradientsState,
  gradientsRecord,
  gradientsRequest,
  type MeasuredGradients,
  type PredictedGradients,
  predictGradients,
} from "@sonde/metrics-gradient";
import { type Architecture, drawnBy, runEstimate } from "@sonde/nets";
import { cite } from "../bibliography.js";
import { type Pass, planPass } from "../few-networks.js";
import { digits, type Finding } from "../finding.js";
import { thresholds } from "../thresholds.js";
import type { Asked, SeparateExamination } from "./examination.js";

/** What is known of the gradients that errors of unit variance at the outputs send back. */
export interface GradientsExamined extends MeasuredGradients {
  readonly points: number;
  /** Theory, where there is one. */
  readonly predicted?: PredictedGradients;
}

/** A few networks agree about the size of gradients. */
const looks = { points: 32, fewest: 8, networks: 100, share: 1 / 20, mostSteps: 2e10 };

function passOf(asked: Asked): Pass {
  return planPass(asked, looks, () => gradientsRequest(asked.architecture));
}

/** Do gradients reach the first layers, and at what size? A pass of its own, on explicit weights. */
export const gradientsExamination: SeparateExamination<GradientsExamined> = {
  name: "gradients",
  work: (asked) => passOf(asked).plan.work,
  async measure(asked) {
    const { architecture } = asked;
    const { points, requests, plan, run } = passOf(asked);
    if (plan.work > looks.mostSteps) return undefined;
    const { states, networks: finished, interrupted } = await runEstimate(plan, requests, run);
    const { executor } = plan;
    const predicted = asked.theory ? predictedGradients(architecture, points) : undefined;
    return {
      ...gradientsRecord(states[0] as GradientsState),
      networks: finished,
      method: drawnBy[executor],
      executor,
      interrupted,
      points: points.rows,
      ...(predicted && { predicted }),
    };
  },
  findings: (record) => unevenGradients(record) ?? vanishedGradients(record) ?? [],
  vitals: (record) => {
    const spread = weightSpread(record);
    return spread ? { gradientSpread: spread.value } : {};
  },
};

function predictedGradients(architecture: Architecture, points: Matrix): PredictedGradients | undefined {
  try {
    return predictGradients(architecture, points);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** ln of the root mean square of dL/dW of every hidden layer that has one, averaged over the networks where it is not 0. */
function weightSizes({ layers }: Pick<MeasuredGradients, "layers">): { layer: number; value: number }[] {
  return layers.flatMap(({ layer, weights }) => (weights?.mean === undefined ? [] : [{ layer, value: weights.mean / 2 }]));
}

/** How far apart ln |dL/dW| lies over the hidden layers, and where it is smallest and largest; absent for fewer than two. */
export function weightSpread(
  record: Pick<MeasuredGradients, "layers">,
): { value: number; smallest: number; largest: number } | undefined {
  const sizes = weightSizes(record);
  if (sizes.length < 2) return undefined;
  const by = (sign: number) => sizes.reduce((best, size) => (sign * size.value > sign * best.value ? size : best));
  const [smallest, largest] = [by(-1), by(1)];
  return { value: largest.value - smallest.value, smallest: smallest.layer, largest: largest.layer };
}

const source = `${cite("hochreiter")}; ${cite("deepInformation")}`;

/** What is judged of the sizes of gradients against one another. */
export type JudgedGradients = Pick<GradientsExamined, "layers" | "growth" | "firstOverLast" | "predicted">;

/** Gradients that are far larger or smaller in the first layers than in the last: by weights, which is what training takes, or by activations. */
export function unevenGradients(record: JudgedGradients): Finding[] | undefined {
  const { ratio, weightSpread: spreads } = thresholds.gradients;
  const spread = weightSpread(record);
  const across = record.firstOverLast;
  const byWeights = spread !== undefined && spread.value > spreads.atRisk;
  const byActivations = across !== undefined && Math.abs(across.value) > ratio.atRisk;
  if (!byWeights && !byActivations) return undefined;
  const vanishes = byWeights ? spread.smallest < spread.largest : (across?.value ?? 0) < 0;
  const severe =
    (spread !== undefined && spread.value > spreads.degenerate) ||
    (across !== undefined && Math.abs(across.value) > ratio.degenerate);
  const theory = record.predicted?.firstOverLast;
  return [
    {
      pathology: vanishes ? "vanishing-gradients" : "exploding-gradients",
      severity: severe ? "degenerate" : "at-risk",
      layer: vanishes ? (byWeights ? spread.smallest : 1) : byWeights ? spread.largest : 1,
      evidence: [
        across
          ? `ln mean square of the gradient in the first hidden layer over that in the last is ${across.value.toFixed(1)}${across.standardError > 0 && Number.isFinite(across.standardError) ? ` ± ${across.standardError.toFixed(1)}` : ""}${theory && Number.isFinite(theory.value) ? ` (theory ${theory.value.toFixed(1)})` : ""}`
          : "the gradients differ between the layers",
        record.growth ? `, ${digits(record.growth.value)} a layer on the way back` : "",
        spread
          ? `; ln |dL/dW| differs by ${spread.value.toFixed(1)} between layers ${spread.smallest} and ${spread.largest}`
          : "",
      ].join(""),
      explanation: explain(vanishes, byWeights),
      source,
    },
  ];
}

function explain(vanishes: boolean, byWeights: boolean): string {
  if (byWeights)
    return vanishes
      ? "Errors shrink on their way back: the first layers hardly learn while the last ones do, whatever the learning rate."
      : "Errors grow on their way back: a learning rate that is small enough for the first layers moves the last ones hardly at all.";
  // The gradient by a weight is signal times error: where both change alike, it is the same in all layers.
  return vanishes
    ? "Errors shrink on their way back as the signal does on its way forward, so that their products, which move the weights, are tiny in every layer."
    : "Errors grow on their way back as the signal does on its way forward, so that their products, which move the weights, are huge in every layer.";
}

/** Gradients that are too small everywhere: below the epsilon of Adam, per point and error of size 1. */
export function vanishedGradients(record: Pick<GradientsExamined, "layers" | "points">): Finding[] | undefined {
  const sizes = weightSizes(record);
  if (sizes.length === 0) return undefined;
  const perPoint = sizes.map(({ value }) => value - log(record.points) / 2);
  const largest = Math.max(...perPoint);
  if (!(largest < thresholds.gradients.smallest)) return undefined;
  return [
    {
      pathology: "vanishing-gradients",
      severity: "degenerate",
      layer: sizes[0].layer,
      evidence: `the gradients by the weights are at most e^${largest.toFixed(1)} in every layer, for errors of size 1 at the outputs`,
      explanation:
        "They are below the epsilon of 1e-8 that Adam adds to its divisor, and far below what plain gradient descent can use: the first steps change nothing.",
      source: cite("adam"),
    },
  ];
}
