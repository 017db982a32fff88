import type { Matrix } from "@sonde/core";
import { measuredPairs } from "@sonde/metrics-correlation";
import { type InputStatistics, inputStatistics } from "@sonde/metrics-signal";
import { inferShapes, type ShapedLayer } from "@sonde/nets";
import { digits, type Finding, percent } from "../finding.js";
import { lookedAt } from "../looked-at.js";
import { thresholds } from "../thresholds.js";
import type { Asked, SeparateExamination } from "./examination.js";

/** What is known of the inputs before any layer. */
export interface InputsRecord extends InputStatistics {
  /** Pairs of points whose angle says nothing: a zero point, or both on one ray. They are left out of what is said of angles. */
  readonly indistinguishablePairs: { readonly leftOut: number; readonly pairs: number };
  /** Whether a norm follows the first weights, so that the scale of the inputs does not matter. */
  readonly normalised: boolean;
}

/** What do the inputs bring with them? No network is asked. */
export const inputsExamination: SeparateExamination<InputsRecord> = {
  name: "inputs",
  instant: true,
  measure(asked) {
    const { inputs, kind } = asked.domain;
    const points = kind === "rays" || kind === "interval" ? lookedAt(asked) : inputs;
    const { pairs, leftOut } = measuredPairs(points, asked.options);
    return {
      ...described(points),
      indistinguishablePairs: { leftOut, pairs: pairs.length + leftOut },
      normalised: normalisesFirst(asked),
    };
  },
  findings: (record) => [...scale(record), ...offset(record), ...uneven(record)],
  vitals: () => ({}),
};

/** What has been said of points: every change that is tried is tried on the same ones. */
const known = new WeakMap<Matrix, InputStatistics>();

/** What points look like, apart from any network. */
export function described(points: Matrix): InputStatistics {
  const before = known.get(points);
  if (before) return before;
  const description = inputStatistics(points);
  known.set(points, description);
  return description;
}

/** Whether a norm comes before the first activation. */
function normalisesFirst({ architecture }: Asked): boolean {
  const kinds = (layers: readonly ShapedLayer[]): string[] =>
    layers.flatMap(({ layer, branches }) => [layer.kind, ...kinds(branches.flat())]);
  const all = kinds(inferShapes(architecture));
  const norm = all.indexOf("norm");
  const activation = all.indexOf("activation");
  return norm >= 0 && (activation < 0 || norm < activation);
}

const source = "LeCun, Bottou, Orr, Müller 1998, Efficient BackProp, section 4.3";

function scale({ meanSquare, low, high, normalised }: InputsRecord): Finding[] {
  const size = Math.sqrt(meanSquare);
  const { small, large } = thresholds.inputs;
  if (normalised || meanSquare === 0 || !(size > large || size < small)) return [];
  return [
    {
      pathology: "input-scale",
      severity: "at-risk",
      layer: 0,
      evidence: `the inputs lie between ${digits(low)} and ${digits(high)}, with a root mean square of ${digits(size)}`,
      explanation:
        size > large
          ? "Initialisers expect inputs of size 1: larger ones make the outputs and the gradients larger by as much, drive bounded activations into saturation, and ask for a smaller learning rate."
          : "Initialisers expect inputs of size 1: smaller ones make the signal and the gradients smaller by as much, and biases outweigh them.",
      source,
    },
  ];
}

function offset({ meanShare, points }: InputsRecord): Finding[] {
  if (points < 2 || !(meanShare > thresholds.inputs.meanShare)) return [];
  return [
    {
      pathology: "input-offset",
      severity: "at-risk",
      layer: 0,
      evidence: `${percent(meanShare)} of the power of the inputs is their mean`,
      explanation:
        "What differs between the inputs is small beside what they have in common, and they look parallel to every layer from the first on.",
      source,
    },
  ];
}

function uneven({ columnScales, effectiveColumns, columns, constantColumns }: InputsRecord): Finding[] {
  const { uneven: factor, columns: few, columnShare } = thresholds.inputs;
  const varying = columns - constantColumns.length;
  const { smallest, largest } = columnScales;
  if (varying < 2 || !(largest > factor * smallest) || effectiveColumns > Math.max(few, columnShare * varying)) return [];
  return [
    {
      pathology: "uneven-inputs",
      severity: "at-risk",
      layer: 0,
      evidence: `the standard deviations of the columns go from ${digits(smallest)} to ${digits(largest)}: of ${varying} columns ${digits(effectiveColumns)} carry the variance`,
      explanation:
        "The columns of large numbers drown the others: pairs of inputs that differ elsewhere look parallel from the start, and the loss is flat along the columns of small numbers.",
      source,
    },
  ];
}
