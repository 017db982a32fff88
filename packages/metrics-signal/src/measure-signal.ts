import { type Matrix, runningEstimate, ShapeError } from "@sonde/core";
import { type Architecture, type EstimationOptions, type MetricRequest, planEstimate, runEstimate } from "@sonde/nets";
import { type SignalState, signalMetric } from "./metric.js";
import { signalPlaces } from "./places.js";
import { type SignalRecord, signalRecord } from "./record.js";

/**
 * Measures the scale of the signal through random networks, layer by layer, up to the outputs: mean square, variance over the points, slopes, saturation, linearity, dead and constant units, and
 * what the outputs look like before training.
 *
 * `relativeError` is about the mean ln of the mean square at the last hidden layer.
 *
 * @throws ConfigError, ShapeError or DomainError for a request that makes no sense
 *
 * @example
 * const points = matrixFromRows([[1, 0], [0, 1], [1, 1]]);
 * const { layers, output } = await measureSignal(mlp("2-16x3-1", { activation: "tanh" }), points, { networks: 50 });
 * layers.length // 3
 */
export async function measureSignal(
  architecture: Architecture,
  inputs: Matrix<Float64Array>,
  options: EstimationOptions = {},
): Promise<SignalRecord> {
  const requests = [signalRequest(architecture, inputs)];
  const plan = planEstimate(architecture, inputs, requests, options);
  const { states, interrupted } = await runEstimate(plan, requests, options);
  return { ...signalRecord(architecture, states[0] as SignalState), interrupted };
}

/** What an ensemble is asked for the scale of the signal. Throws `ShapeError` for no points. */
export function signalRequest(architecture: Architecture, inputs: Matrix): MetricRequest<SignalState> {
  if (inputs.rows === 0) throw new ShapeError("the signal needs at least one point, got none: give one row or more");
  const places = signalPlaces(architecture);
  return {
    metric: signalMetric,
    options: places,
    // Looking at a value takes some ten nanoseconds, at its slope several times that.
    steps: places.layers.reduce((sum, { units }) => sum + 300 * inputs.rows * units, 1000),
    watched: ({ layers }) => {
      const last = layers.at(-1)?.logMeanSquare;
      return last && last.count > 1 ? runningEstimate(last) : undefined;
    },
  };
}
