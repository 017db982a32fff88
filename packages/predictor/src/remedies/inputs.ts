import type { Matrix } from "@sonde/core";
import { type Architecture, size, standardise } from "@sonde/nets";
import type { Inputs, Remedy } from "./remedy.js";

/** Columns whose mean is nearer to 0 than this share of their standard deviation, and whose variance is 1 within this factor, are standardised already. */
const near = { mean: 0.25, factor: 4 };

/** The inputs on one scale, around 0. */
export const standardised: Remedy = {
  name: "standardise",
  family: "inputs",
  cost: "the mean and standard deviation of every input, kept for use after training",
  leaves: "what the layers do to well-scaled inputs",
  change: (architecture, inputs = {}) =>
    isStandardised(architecture, inputs)
      ? undefined
      : { change: "standardise the inputs", architecture, choices: {}, standardise: true },
};

/**
 * The same inputs with every column (channel) at mean 0 and variance 1: data by `standardise`; of a box, whose points are uniform, every interval becomes [-sqrt 3, sqrt 3].
 *
 * @example
 * standardisedInputs(mlp("1-2-1"), { domain: [0, 100] }).domain // [[-1.7320508075688772, 1.7320508075688772]]
 */
export function standardisedInputs(architecture: Architecture, { data, domain }: Inputs): Inputs {
  if (data) return { data: standardise(data, { channels: channelsOf(architecture) }).points };
  const side = Math.sqrt(3);
  return {
    domain: Array.from({ length: domain ? boxOf(domain).length : size(architecture.input) }, () => [-side, side] as const),
  };
}

function isStandardised(architecture: Architecture, { data, domain }: Inputs): boolean {
  // By default a box is [-1, 1].
  if (!data) return boxOf(domain ?? [-1, 1]).every(([low, high]) => isNear((low + high) / 2, ((high - low) * (high - low)) / 12));
  // A few points have no law.
  if (data.rows < 2) return true;
  return columns(data, channelsOf(architecture)).every(({ mean, variance }) => variance === 0 || isNear(mean, variance));
}

function isNear(mean: number, variance: number): boolean {
  return Math.abs(mean) <= near.mean * Math.sqrt(variance) && variance <= near.factor && variance >= 1 / near.factor;
}

/** Mean and variance of every channel, over points and positions. */
function columns({ rows, cols, data }: Matrix, channels: number): { mean: number; variance: number }[] {
  const values = (rows * cols) / channels;
  return Array.from({ length: channels }, (_, c) => {
    let mean = 0;
    let squares = 0;
    for (let k = c; k < data.length; k += channels) mean += data[k] / values;
    for (let k = c; k < data.length; k += channels) squares += (data[k] - mean) * (data[k] - mean);
    return { mean, variance: squares / values };
  });
}

function channelsOf({ input }: Architecture): number {
  return input[input.length - 1];
}

function boxOf(domain: NonNullable<Inputs["domain"]>): readonly (readonly [number, number])[] {
  return typeof domain[0] === "number"
    ? [domain as readonly [number, number]]
    : (domain as readonly (readonly [number, number])[]);
}
