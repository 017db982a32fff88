import { runningEstimate, ShapeError } from "@sonde/core";
import {
  type Architecture,
  drawnBy,
  type EnsembleInputs,
  type EstimationOptions,
  estimateOver,
  type MetricRequest,
} from "@sonde/nets";
import type { GradientsRecord, MeasuredGradientLevel, MeasuredGradients } from "./gradients-record.js";
import { levelOf } from "./level-sums.js";
import { type GradientsState, gradients } from "./metric.js";
import { gradientPlaces } from "./places.js";

export type MeasureGradientsOptions = EstimationOptions;

/**
 * Measures the gradients of random networks, layer by layer: ln of the mean square over points and units of dL by activations, pre-activations and weights, where L = the sum over points and outputs
 * of error times output, for independent standard normal errors. `relativeError` is about the mean of ln of the mean square at the inputs.
 *
 * `[points, inputs] -> ` one record for all layers. Networks are drawn with explicit weights, `--method law` is refused. Where a gradient is exactly 0 (everything behind is dead), it is counted
 * under `zero`.
 *
 * @throws ConfigError or ShapeError for a request that makes no sense
 *
 * @example
 * const points = matrixFromRows([[1, 0], [0, 1]]);
 * const { growth } = await measureGradients(mlp("2-32x8-1", { weightVariance: 1 }), points, { networks: 200 });
 * growth.value // -0.7...
 */
export async function measureGradients(
  architecture: Architecture,
  inputs: EnsembleInputs,
  options: MeasureGradientsOptions = {},
): Promise<MeasuredGradients> {
  if (inputs.rows === 0) throw new ShapeError("gradients need at least one point, got none: give one row or more");
  const request = gradientsRequest(architecture);
  const { states, networks, executor, interrupted } = await estimateOver(architecture, inputs, [request], options);
  return { ...gradientsRecord(states[0] as GradientsState), networks, method: drawnBy[executor], executor, interrupted };
}

/** What an ensemble is asked for gradients: with other requests it shares one pass, on explicit weights. */
export function gradientsRequest(architecture: Architecture): MetricRequest<GradientsState> {
  return {
    metric: gradients,
    options: gradientPlaces(architecture),
    watched: ({ inputs: { logarithms } }) => (logarithms.count > 1 ? runningEstimate(logarithms) : undefined),
  };
}

/** The estimates behind a finished state. */
export function gradientsRecord({
  layers,
  inputs,
  outputWeights,
  growth,
  firstOverLast,
}: GradientsState): GradientsRecord<MeasuredGradientLevel> & Pick<MeasuredGradients, "growth" | "firstOverLast"> {
  return {
    layers: layers.map(({ activations, preActivations, weights }, l) => ({
      layer: l + 1,
      activations: levelOf(activations),
      ...(preActivations && { preActivations: levelOf(preActivations) }),
      ...(weights && { weights: levelOf(weights) }),
    })),
    inputs: levelOf(inputs),
    ...(outputWeights && { outputWeights: levelOf(outputWeights) }),
    ...(growth.count > 0 && { growth: runningEstimate(growth), firstOverLast: runningEstimate(firstOverLast) }),
  };
}
