import type { Estimate, Reals } from "@sonde/core";
import { log } from "@sonde/core/math";
import { backwardSlope, type MeasuredGradientLevel } from "@sonde/metrics-gradient";
import type { RecordedArray } from "./arrays.js";

/** The sizes of the gradients at a layer, as far as they were recorded. */
export interface RecordedGradient {
  /** By the layer's activations. */
  readonly activations?: MeasuredGradientLevel;
  /** By its weights. */
  readonly weights?: MeasuredGradientLevel;
}

/** How gradients change along the main path on the way back. */
export interface RecordedGradients {
  /** What a layer adds to ln of the mean square by activations, by least squares; above 0 gradients grow towards the input. */
  readonly growth: Estimate;
  /** ln of the mean square in the first hidden layer over that in the last. */
  readonly firstOverLast: Estimate;
  /** The points that they were taken at. */
  readonly points: number;
}

/** The gradients recorded at one layer; absent without any. */
export function recordedGradient({ gradients, weightGradients }: RecordedArray): RecordedGradient | undefined {
  if (!gradients && !weightGradients) return undefined;
  return {
    ...(gradients && { activations: levelOf(gradients) }),
    ...(weightGradients && { weights: levelOf(weightGradients) }),
  };
}

/** Along layers that all have a gradient that is not 0; absent otherwise, and for fewer than two. */
export function alongGradients(
  layers: readonly { readonly gradient?: RecordedGradient }[],
  exact: (value: number) => Estimate,
  points: number,
): RecordedGradients | undefined {
  const levels = layers.flatMap(({ gradient }) => gradient?.activations?.mean ?? []);
  if (levels.length < 2 || levels.length < layers.length) return undefined;
  return { growth: exact(backwardSlope(levels)), firstOverLast: exact(levels[0] - levels[levels.length - 1]), points };
}

function levelOf(values: Reals): MeasuredGradientLevel {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return { networks: 0, zero: 1 };
  // Over the largest, since squares of small gradients underflow.
  let sum = 0;
  for (const value of values) sum += (value / largest) * (value / largest);
  return { mean: log(sum / values.length) + 2 * log(largest), standardError: 0, networks: 1, zero: 0 };
}
