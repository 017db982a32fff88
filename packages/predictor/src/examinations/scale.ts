import type { Estimate } from "@sonde/core";
import { exp, log } from "@sonde/core/math";
import {
  activationStatistics,
  type PredictedSignal,
  predictSignal,
  type SignalLayer,
  type SignalRecord,
  type SignalState,
  signalRecord,
  signalRequest,
} from "@sonde/metrics-signal";
import { type Architecture, runEstimate, someLayer } from "@sonde/nets";
import { cite } from "../bibliography.js";
import { type Pass, planPass } from "../few-networks.js";
import { digits, type Finding, percent } from "../finding.js";
import { sampledRows } from "../looked-at.js";
import { thresholds } from "../thresholds.js";
import type { Asked, SeparateExamination } from "./examination.js";

/** What is known of the scale of the signal, and of the outputs. */
export interface ScaleRecord extends SignalRecord {
  readonly points: number;
  /** ln of the variance over the points and of the mean square of the inputs themselves. */
  readonly inputs: { readonly logVariance: number; readonly logMeanSquare: number };
  /** What infinite width says, on a few of the points; absent where there is no such limit, or activations are saturated. */
  readonly predicted?: readonly PredictedSignal[];
  /** Whether the scale of the inputs does not carry through: norms, or activations that have bounds. */
  readonly rescaled: boolean;
}

/** Enough to tell a factor in every layer: a few networks agree about scale, and more are cheap where they are small. */
const looks = { points: 64, fewest: 8, networks: 400, share: 1 / 20, predicted: 8 };

function passOf(asked: Asked): Pass {
  return planPass(asked, looks, (points) => signalRequest(asked.architecture, points));
}

/** How large is the signal, layer by layer, is it cut off, and what do the outputs look like? A pass of its own, since it goes on to the outputs and needs real points. */
export const scaleExamination: SeparateExamination<ScaleRecord> = {
  name: "scale",
  work: (asked) => passOf(asked).plan.work,
  async measure(asked) {
    const { architecture, options } = asked;
    const { seed = 0 } = options;
    const { points, requests, plan, run } = passOf(asked);
    const { states } = await runEstimate(plan, requests, run);
    const { logVariance, logMeanSquare } = activationStatistics({ data: points.data, units: points.cols });
    const record = signalRecord(architecture, states[0] as SignalState);
    return {
      ...record,
      points: points.rows,
      inputs: { logVariance, logMeanSquare },
      ...(asked.theory &&
        !isStepLike(record) && { predicted: predictSignal(architecture, sampledRows(points, looks.predicted, seed)) }),
      rescaled: rescales(architecture, states[0] as SignalState),
    };
  },
  findings: (record) => [
    ...changedSignal(record),
    ...saturation(record),
    ...linearLayers(record),
    ...deadUnits(record, ({ deadUnits: { low, high } }) => `95 %: ${percent(Math.max(0, low))} to ${percent(Math.min(1, high))}`),
    ...outputs(record),
  ],
  vitals: ({ layers, output }) => {
    const most = layers.reduce<Estimate | undefined>(
      (worst, { saturated }) => (saturated && !(worst && worst.value >= saturated.value) ? saturated : worst),
      undefined,
    );
    return { deadOutputs: output.dead, ...(most && { saturated: most }) };
  },
};

/** Whether activations are so saturated that they are steps, of which quadrature takes long and says no more. */
export function isStepLike({ layers }: Pick<SignalRecord, "layers">): boolean {
  return layers.some(({ saturated }) => (saturated?.value ?? 0) > thresholds.saturated.atRisk);
}

function rescales({ layers }: Architecture, state: SignalState): boolean {
  return someLayer(layers, ({ kind }) => kind === "norm") || state.layers.some(({ saturated }) => saturated !== undefined);
}

/**
 * ln of the variance over the points at the last hidden layer over that of the inputs, or of the first hidden layer where that is smaller for a good reason: norms and bounded activations bring any input to
 * their own scale.
 */
export function changeOfVariance({
  layers,
  inputs,
  rescaled,
}: Pick<ScaleRecord, "inputs" | "rescaled"> & Pick<JudgedScale, "layers">): { value: number; error: number } | undefined {
  const [first, last] = [layers[0]?.logVariance, layers.at(-1)?.logVariance];
  if (!first || !last || last.networks === 0 || !Number.isFinite(inputs.logVariance)) return undefined;
  const start = rescaled ? Math.min(inputs.logVariance, first.value) : inputs.logVariance;
  return { value: last.value - start, error: last.standardError };
}

/** What is judged of the size of the signal, layer by layer. */
export interface JudgedScale extends Pick<ScaleRecord, "inputs" | "rescaled" | "growth" | "predicted"> {
  readonly layers: readonly Pick<SignalLayer, "layer" | "logMeanSquare" | "logVariance" | "logLargest">[];
}

/** Does the signal vanish or explode? `beside` says whose variance it is compared with. */
export function changedSignal(record: JudgedScale, beside = "theirs"): Finding[] {
  const { layers, growth, predicted } = record;
  const { vanishing, exploding } = thresholds.logSpread;
  const { float32, float16 } = thresholds.logLargest;
  const change = changeOfVariance(record);
  const last = layers.at(-1);
  if (!change || !last) return [];
  const { value, error } = change;
  const overflow = layers.find(({ logLargest }) => logLargest.value > float32);
  if (overflow || value > exploding.atRisk || value < vanishing.atRisk) {
    const grows = overflow !== undefined || value > 0;
    const limits = grows ? exploding : vanishing;
    const severe = overflow !== undefined || (grows ? value > limits.degenerate : value < limits.degenerate);
    const begun = layers.find(({ logVariance }) => {
      const own = logVariance.value - (last.logVariance.value - value);
      return grows ? own > limits.atRisk : own < limits.atRisk;
    });
    const half = grows ? layers.find(({ logLargest }) => logLargest.value > float16) : undefined;
    const theory = predicted?.at(-1);
    return [
      {
        pathology: grows ? "exploding-signal" : "vanishing-signal",
        severity: severe ? "degenerate" : "at-risk",
        layer: (overflow ?? begun ?? last).layer,
        evidence: [
          `the variance over the inputs is ${power(value)} times ${beside} at the last hidden layer (ln ${value.toFixed(1)}${error > 0 ? ` ± ${error.toFixed(1)}` : ""}`,
          theory && Number.isFinite(theory.logVariance)
            ? `; ln mean square ${last.logMeanSquare.value.toFixed(1)}, at infinite width ${theory.logMeanSquare.toFixed(1)})`
            : ")",
          growth ? `, the mean square changes by a factor of ${digits(exp(growth.value))} a layer` : "",
          overflow
            ? `; values overflow float32 from layer ${overflow.layer} on`
            : half
              ? `; values overflow float16 from layer ${half.layer} on`
              : "",
        ].join(""),
        explanation: grows
          ? "Every layer multiplies the signal: outputs and gradients are huge from the start, and the first steps throw the weights away."
          : "Every layer divides the signal: what differs between the inputs hardly reaches the outputs, and gradients are as small, below what optimisers tell from 0.",
        source: `${cite("glorot")}; ${cite("he")}`,
      },
    ];
  }
  return [];
}

/** e^value as a power of ten where it is far from 1. */
function power(value: number): string {
  return Math.abs(value) < 4 ? digits(exp(value)) : `10^${(value / log(10)).toFixed(1)}`;
}

/** What is judged of the slopes of activations. */
export interface JudgedSlopes {
  readonly layers: readonly Pick<SignalLayer, "layer" | "activation" | "logMeanSquare" | "slope" | "saturated" | "linear">[];
}

/** Layers whose activation is flat where it is used. */
export function saturation({ layers }: JudgedSlopes): Finding[] {
  const { atRisk, degenerate } = thresholds.saturated;
  const worst = most(layers, ({ saturated }) => saturated?.value);
  if (!worst?.saturated || !(worst.saturated.value > atRisk)) return [];
  const first = layers.find(({ saturated }) => (saturated?.value ?? 0) > atRisk) ?? worst;
  return [
    {
      pathology: "saturation",
      severity: worst.saturated.value > degenerate ? "degenerate" : "at-risk",
      layer: first.layer,
      evidence: `${percent(worst.saturated.value)} of the values of layer ${worst.layer} lie where ${worst.activation} is flat; the mean slope is ${percent(worst.slope?.value ?? 0)} of the largest`,
      explanation:
        "A flat activation passes no gradient back and tells large inputs apart by their sign alone. Smaller inputs or smaller weights bring it back to where it bends.",
      source: "Glorot, Bengio 2010, Understanding the difficulty of training deep feedforward neural networks",
    },
  ];
}

/** Layers whose activation bends somewhere, and not here. A positively homogeneous one, such as ReLU, is as bent at every scale. */
export function linearLayers({ layers }: JudgedSlopes): Finding[] {
  const bending = layers.filter(({ saturated, linear }) => saturated && linear && linear.networks > 0);
  if (bending.length === 0 || bending.length < layers.length) return [];
  const least = thresholds.linear.atRisk;
  if (!bending.every(({ linear }) => (linear?.value ?? 0) > least)) return [];
  const [{ activation, layer, logMeanSquare }] = bending;
  return [
    {
      pathology: "linear-layers",
      severity: "at-risk",
      layer,
      evidence: `${activation} is a straight line on these inputs: a linear map explains all but ${digits(1 - Math.min(...bending.map(({ linear }) => linear?.value ?? 0)))} of every layer's variance (ln mean square ${logMeanSquare.value.toFixed(1)} in layer ${layer})`,
      explanation:
        "The pre-activations are so small that the activation does not bend: the network begins as a linear map, its depth is wasted, and gradients are as small as the weights. Larger initial weights, or larger inputs, cure it.",
      source: `${cite("glorot")}; ${cite("orthogonal")}`,
    },
  ];
}

/** Layers most of whose units are dead; `sure` says how sure that is. */
export function deadUnits<Layer extends Pick<SignalLayer, "layer" | "units" | "deadUnits">>(
  { layers, points }: { readonly layers: readonly Layer[]; readonly points: number },
  sure: (layer: Layer) => string,
): Finding[] {
  const { atRisk, points: fewest } = thresholds.deadUnits;
  if (points < fewest) return [];
  const worst = most(layers, ({ deadUnits }) => deadUnits.value);
  // A layer that is dead as a whole is told as death.
  if (!worst || worst.units < 4 || !(worst.deadUnits.low > atRisk)) return [];
  return [
    {
      pathology: "dead-units",
      severity: "at-risk",
      layer: worst.layer,
      evidence: `${percent(worst.deadUnits.value)} of the ${worst.units} units of layer ${worst.layer} are zero at all ${points} points (${sure(worst)})`,
      explanation: "A unit that is zero at every input receives no gradient: the layer is narrower than it is written.",
      source: cite("dyingRelu"),
    },
  ];
}

function outputs(record: ScaleRecord): Finding[] {
  return [...deadOutputs(record), ...overconfident(record)];
}

function deadOutputs({ layers, output: { outputs, activation, dead, allDead } }: ScaleRecord): Finding[] {
  const { atRisk, degenerate } = thresholds.deadOutputs;
  if (activation === undefined || !(dead.value > atRisk)) return [];
  const range = `95 %: ${percent(Math.max(0, dead.low))} to ${percent(Math.min(1, dead.high))}`;
  return [
    {
      pathology: "dead-outputs",
      severity: dead.value > degenerate ? "degenerate" : "at-risk",
      layer: layers.length + 1,
      evidence:
        outputs === 1
          ? `the output is zero at every input in ${percent(dead.value)} of ${dead.networks} networks (${range}), dead hidden layers included`
          : `${digits(dead.value * outputs)} of the ${outputs} outputs are zero at every input (${range}); all of them in ${percent(allDead.value)} of the networks`,
      explanation: `The activation after the last layer, ${activation}, is zero on half of all values, and an output that is zero at every input passes no gradient back: it stays zero. A linear output, or one that is never flat such as a sigmoid, cannot die.`,
      source: cite("dyingRelu"),
    },
  ];
}

function overconfident({ layers, output: { outputs, activation, crossEntropy, spread } }: ScaleRecord): Finding[] {
  const constant = log(Math.max(2, outputs));
  const classifies = activation === undefined ? outputs > 1 : activation === "sigmoid" || activation === "softmax";
  if (!classifies || !(crossEntropy.value > thresholds.crossEntropy.atRisk * constant)) return [];
  return [
    {
      pathology: "overconfident-outputs",
      severity: "at-risk",
      layer: layers.length + 1,
      evidence: `before training the outputs differ by ${digits(spread.value)} over the inputs; as logits their cross-entropy is ${digits(crossEntropy.value)}, that of a constant prediction ${digits(constant)}`,
      explanation:
        "The network is sure of what it does not know: a softmax or sigmoid behind such outputs is flat, and the first steps only undo them. Smaller inputs, or smaller weights in the last layer, start it where a constant would.",
      source: "Karpathy 2019, A recipe for training neural networks (verify the loss at initialisation)",
    },
  ];
}

/** The layer where a number is largest. */
function most<Layer>(layers: readonly Layer[], number: (layer: Layer) => number | undefined): Layer | undefined {
  return layers.reduce<Layer | undefined>((best, layer) => {
    const value = number(layer);
    return value !== undefined && !(best && (number(best) ?? 0) >= value) ? layer : best;
  }, undefined);
}
