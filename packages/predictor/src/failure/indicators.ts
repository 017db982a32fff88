import type { Estimate } from "@sonde/core";
import { log } from "@sonde/core/math";
import { tangentDecays, tangentTimes } from "@sonde/metrics-gradient";
import { type Architecture, hiddenLayers } from "@sonde/nets";
import { weightSpread } from "../examinations/gradients.js";
import { changeOfVariance } from "../examinations/scale.js";
import type { Measurement } from "../measurement.js";

/** Why networks fail, as far as indicators tell it. */
export type Mechanism =
  | "death"
  | "angles"
  | "nodes"
  | "signal"
  | "saturation"
  | "linearity"
  | "gradients"
  | "sensitivity"
  | "outputs"
  | "conditioning"
  | "size"
  | "inputs";

/** A number that foretells failure: the larger, the worse, all others being equal. */
export interface Indicator {
  readonly name: string;
  readonly mechanism: Mechanism;
  /** What it is, in words. */
  readonly meaning: string;
  readonly value: (seen: Seen) => Reading | undefined;
}

/** A value with its standard error; undefined where it makes no sense for the inputs or was not measured. */
export interface Reading {
  readonly value: number;
  readonly error: number;
}

interface Seen {
  readonly architecture: Architecture;
  readonly measurement: Measurement;
}

/** Logarithms beyond these tell nothing more. */
const [far, farthest] = [40, 60];

const layersOf = ({ measurement }: Seen) => measurement.scale?.layers ?? [];
const exact = (value: number): Reading => ({ value, error: 0 });
const positive = (value: number, most = farthest): number => Math.min(most, Math.max(0, value));
const widths = ({ architecture }: Seen) => hiddenLayers(architecture).map(({ units }) => units);

function reading(
  estimate: Pick<Estimate, "value" | "standardError"> | undefined,
  change = (value: number) => value,
): Reading | undefined {
  if (!estimate || Number.isNaN(estimate.value)) return undefined;
  const value = change(estimate.value);
  if (!Number.isFinite(value)) return undefined;
  const { standardError } = estimate;
  return { value, error: Number.isFinite(standardError) ? standardError : 0 };
}

/** The worst layer's value. */
function most(
  seen: Seen,
  of: (layer: ReturnType<typeof layersOf>[number]) => Estimate | undefined,
  sign = 1,
): Estimate | undefined {
  return layersOf(seen)
    .flatMap((layer) => of(layer) ?? [])
    .filter(({ value }) => Number.isFinite(value))
    .reduce<Estimate | undefined>((worst, one) => (worst && sign * worst.value >= sign * one.value ? worst : one), undefined);
}

function change({ measurement: { scale } }: Seen): Pick<Estimate, "value" | "standardError"> | undefined {
  const found = scale && changeOfVariance(scale);
  return found && { value: found.value, standardError: found.error };
}

/** ln of the root mean square of the outputs, or of their deviation over the inputs. */
function output({ measurement: { scale } }: Seen, of: "rootMeanSquare" | "spread"): number | undefined {
  const value = scale && log(scale.output[of].value);
  return value === undefined || Number.isNaN(value) ? undefined : Math.max(-30, value);
}

/** ln of the root mean square of dL/dW in the hidden layer where it is largest. */
function largestGradient({ measurement: { gradients } }: Seen): number | undefined {
  const sizes = (gradients?.layers ?? []).flatMap(({ weights }) => (weights?.mean === undefined ? [] : [weights.mean / 2]));
  return sizes.length > 0 ? Math.max(...sizes) : undefined;
}

/** ln of the mean square of the inputs, where their size carries through. */
function inputSize({ measurement: { inputs } }: Seen): number {
  return inputs.normalised || inputs.meanSquare === 0 ? 0 : log(inputs.meanSquare);
}

/** Everything that the probability of failure is made of. A new indicator is a line here, and a calibration. */
export const indicators: readonly Indicator[] = [
  {
    name: "born-dead",
    mechanism: "death",
    meaning: "P(born dead)",
    value: ({ measurement: { death } }) => reading(death),
  },
  {
    name: "no-gradient",
    mechanism: "death",
    meaning: "share of networks without any gradient in the first hidden layer",
    value: ({ measurement: { gradients } }) =>
      gradients && exact((gradients.layers[0]?.activations.zero ?? 0) / gradients.networks),
  },
  {
    name: "degenerate-pairs",
    mechanism: "angles",
    meaning: "share of the pairs of points that the last hidden layer does not tell apart",
    value: ({ measurement: { angles } }) => reading(angles?.layers.at(-1)?.degenerateEstimate),
  },
  {
    name: "angle-lost",
    mechanism: "angles",
    meaning: "by how much mean ln sin^2 of the angles between points falls up to the last hidden layer",
    value: ({ measurement: { angles } }) => {
      if (!angles) return undefined;
      const before = Number.isFinite(angles.inputLogSin2) ? Math.max(-far, angles.inputLogSin2) : 0;
      return reading(angles.layers.at(-1)?.logSin2, (value) => positive(before - value, far));
    },
  },
  {
    name: "vni",
    mechanism: "nodes",
    meaning: "VNI of the last hidden layer",
    value: ({ measurement: { nodes } }) => reading(nodes?.layers.at(-1)?.vni),
  },
  {
    name: "signal-lost",
    mechanism: "signal",
    meaning: "by how much ln of the variance over the points falls up to the last hidden layer",
    value: (seen) => reading(change(seen), (value) => positive(-value)),
  },
  {
    name: "signal-grown",
    mechanism: "signal",
    meaning: "by how much ln of the variance over the points grows up to the last hidden layer",
    value: (seen) => reading(change(seen), (value) => positive(value)),
  },
  {
    name: "saturated",
    mechanism: "saturation",
    meaning: "largest share of saturated values in a layer",
    value: (seen) => reading(most(seen, ({ saturated }) => saturated)),
  },
  {
    name: "flat",
    mechanism: "saturation",
    meaning: "1 less the least mean slope of a layer over the largest slope of its activation",
    value: (seen) =>
      reading(
        most(seen, ({ slope }) => slope, -1),
        (value) => 1 - value,
      ),
  },
  {
    name: "linear",
    mechanism: "linearity",
    meaning: "least share of a layer's variance that a linear map explains",
    value: (seen) => reading(most(seen, ({ linear }) => linear, -1)),
  },
  {
    name: "gradient-spread",
    mechanism: "gradients",
    meaning: "ln of the root mean square of dL/dW, largest hidden layer less smallest",
    value: ({ measurement: { gradients } }) => {
      const spread = gradients && weightSpread(gradients);
      return spread && exact(positive(spread.value, far));
    },
  },
  {
    name: "gradient-ratio",
    mechanism: "gradients",
    meaning: "ln of the mean square of the gradient by activations, first hidden layer over last, in size",
    value: ({ measurement: { gradients } }) => reading(gradients?.firstOverLast, (value) => positive(Math.abs(value))),
  },
  {
    name: "gradient-small",
    mechanism: "gradients",
    meaning: "by how much ln of the root mean square of dL/dW lies below -5 in the hidden layer where it is largest",
    value: (seen) => {
      const size = largestGradient(seen);
      return size === undefined ? undefined : exact(positive(-5 - size, 30));
    },
  },
  {
    name: "sensitivity",
    mechanism: "sensitivity",
    meaning: "ln of how noise grows beside the signal up to the last hidden layer, in size",
    value: ({ measurement: { signal } }) =>
      signal &&
      reading({ value: signal.logChi.mean, standardError: signal.logChi.standardError }, (value) => positive(Math.abs(value))),
  },
  {
    name: "outputs-large",
    mechanism: "outputs",
    meaning: "ln of the root mean square of the outputs, if above 0",
    value: (seen) => {
      const size = output(seen, "rootMeanSquare");
      return size === undefined ? undefined : exact(positive(size));
    },
  },
  {
    name: "outputs-small",
    mechanism: "outputs",
    meaning: "- ln of the root mean square of the outputs, if above 0",
    value: (seen) => {
      const size = output(seen, "rootMeanSquare");
      return size === undefined ? undefined : exact(positive(-size, 20));
    },
  },
  {
    name: "outputs-constant",
    mechanism: "outputs",
    meaning: "ln of the root mean square of the outputs over their deviation over the points",
    value: (seen) => {
      const [size, spread] = [output(seen, "rootMeanSquare"), output(seen, "spread")];
      return size === undefined || spread === undefined ? undefined : exact(positive(size - spread, 30));
    },
  },
  {
    name: "condition",
    mechanism: "conditioning",
    meaning: "ln of the condition number of the tangent kernel of 32 points",
    value: ({ measurement: { conditioning } }) => reading(conditioning?.logCondition),
  },
  {
    name: "few-directions",
    mechanism: "conditioning",
    meaning: "- ln of the effective rank of the tangent kernel",
    value: ({ measurement: { conditioning } }) => reading(conditioning?.logRank, (value) => -value),
  },
  {
    name: "constant-mode",
    mechanism: "conditioning",
    meaning: "- ln of the share of the tangent kernel that is more than a constant",
    value: ({ measurement: { conditioning } }) => reading(conditioning?.logCentred, (value) => -value),
  },
  ...tangentDecays.map(
    (k, j): Indicator => ({
      name: `decay-${k}`,
      mechanism: "conditioning",
      meaning: `ln of the largest over the ${k}${k === 2 ? "nd" : "th"} eigenvalue of the centred tangent kernel`,
      value: ({ measurement: { conditioning } }) => reading(conditioning?.decay[j]),
    }),
  ),
  ...tangentTimes.map(
    (time, j): Indicator => ({
      name: `unlearnable-${time}`,
      mechanism: "conditioning",
      meaning: `share of the targets' variance that ${time} steps of gradient descent leave, the tangent kernel staying as it is`,
      value: ({ measurement: { conditioning } }) => reading(conditioning?.learnable?.[j], (value) => 1 - value),
    }),
  ),
  {
    name: "narrow",
    mechanism: "size",
    meaning: "- ln of the least width",
    value: (seen) => exact(-log(Math.min(...widths(seen), 256))),
  },
  {
    name: "few-units",
    mechanism: "size",
    meaning: "- the mean of ln of the widths",
    value: (seen) => {
      const all = widths(seen);
      return exact(all.length > 0 ? -all.reduce((sum, units) => sum + log(units), 0) / all.length : -log(256));
    },
  },
  {
    name: "deep",
    mechanism: "size",
    meaning: "ln of the depth",
    value: (seen) => exact(log(Math.max(1, widths(seen).length))),
  },
  {
    name: "deep-and-narrow",
    mechanism: "size",
    meaning: "depth over the least width",
    value: (seen) => exact(Math.min(farthest, widths(seen).length / Math.min(...widths(seen), 256))),
  },
  {
    name: "input-offset",
    mechanism: "inputs",
    meaning: "share of the inputs' power that is their mean",
    value: ({ measurement: { inputs } }) => exact(inputs.meanShare),
  },
  {
    name: "inputs-large",
    mechanism: "inputs",
    meaning: "ln of the mean square of the inputs, if above 0 and no norm follows",
    value: (seen) => exact(positive(inputSize(seen))),
  },
  {
    name: "inputs-small",
    mechanism: "inputs",
    meaning: "- ln of the mean square of the inputs, if above 0 and no norm follows",
    value: (seen) => exact(positive(-inputSize(seen))),
  },
];

/** What the indicators say of an architecture that was measured, by their names. */
export function readIndicators(architecture: Architecture, measurement: Measurement): Map<string, Reading> {
  const seen = { architecture, measurement };
  return new Map(
    indicators.flatMap(({ name, value }) => {
      const read = value(seen);
      return read === undefined || !Number.isFinite(read.value) ? [] : [[name, read] as const];
    }),
  );
}
