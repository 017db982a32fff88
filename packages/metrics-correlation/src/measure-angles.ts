import { DomainError, type Matrix, matrix, runningEstimate, ShapeError } from "@sonde/core";
import { cos, sin } from "@sonde/core/math";
import {
  type Architecture,
  drawnBy,
  type EstimationOptions,
  estimateOver,
  growEstimate,
  hiddenLayers,
  type MetricRequest,
  planEstimate,
  size,
} from "@sonde/nets";
import { anglePrecision } from "./angle-precision.js";
import { type AnglesRecord, anglesRecord } from "./angles-record.js";
import { type AnglesOptions, type AnglesState, angles } from "./metric.js";
import { defaultPairs, measuredPairs } from "./pairs.js";
import { checkProbabilities, defaultQuantiles } from "./probabilities.js";

export interface MeasureAnglesOptions extends EstimationOptions {
  /** Angle of the two inputs e1 and cos(theta0) e1 + sin(theta0) e2, in (0, pi]. Default pi/2; with one input the inputs are -1 and 1 (pi). */
  readonly theta0?: number;
  /** A data set `[points, inputs]` instead of two inputs. */
  readonly data?: Matrix<Float64Array>;
  /** Pairs of data points measured: all if there are no more, otherwise so many drawn at random. Default 256. */
  readonly pairs?: number;
  /** Probabilities, in [0, 1], at which quantiles of ln sin^2 theta are given. Default 0.05, 0.16, 0.5, 0.84, 0.95. */
  readonly quantiles?: readonly number[];
}

/**
 * Measures the angle between inputs through the hidden layers of random networks: do inputs become indistinguishable with depth?
 *
 * @throws ConfigError, ShapeError or DomainError for a request that makes no sense
 * @see Jakub and Nica, arXiv 2302.09712 and 2306.01513
 *
 * @example
 * const { layers } = await measureAngles(mlp("2-64x3-1"), { theta0: 1, networks: 100 });
 * layers.length // 3
 */
export async function measureAngles(architecture: Architecture, options: MeasureAnglesOptions = {}): Promise<AnglesRecord> {
  const inputs = options.data ?? twoInputs(architecture, options.theta0);
  const { quantiles = defaultQuantiles } = options;
  const request = anglesRequest(architecture, inputs, { ...options, quantiles });
  const { states, networks, executor, interrupted } = await estimateOver(architecture, inputs, [request], options);
  const run = { networks, method: drawnBy[executor], executor, interrupted };
  return anglesRecord(states[0] as AnglesState, run, quantiles);
}

/**
 * The same as a generator of growing estimates: one record after every chunk of networks, each from all networks so far. Leaving the loop ends the run.
 *
 * @example
 * let last;
 * for await (last of growAngles(mlp("2-16x3-1"), { networks: 1000 })) if (last.networks >= 100) break;
 * last.layers.length // 3
 */
export async function* growAngles(
  architecture: Architecture,
  options: MeasureAnglesOptions = {},
): AsyncGenerator<AnglesRecord, void> {
  const inputs = options.data ?? twoInputs(architecture, options.theta0);
  const { quantiles = defaultQuantiles } = options;
  const requests = [anglesRequest(architecture, inputs, { ...options, quantiles })];
  const plan = planEstimate(architecture, inputs, requests, options);
  const { executor } = plan;
  for await (const { states, networks, interrupted } of growEstimate(plan, requests, options)) {
    const run = { networks, method: drawnBy[executor], executor, interrupted };
    yield anglesRecord(states[0] as AnglesState, run, quantiles);
  }
}

/** Two inputs at an angle: e1 and cos(theta0) e1 + sin(theta0) e2, `[2, inputs]`. Throws where the model has no such inputs. */
export function twoInputs(architecture: Architecture, theta0?: number): Matrix<Float64Array> {
  const inputs = size(architecture.input);
  const theta = theta0 ?? (inputs === 1 ? Math.PI : Math.PI / 2);
  if (!(theta > 0 && theta <= Math.PI)) throw new DomainError(`an angle between inputs lies in (0, pi], got ${theta}`);
  const result = matrix(2, inputs);
  if (inputs === 1) {
    if (theta !== Math.PI)
      throw new DomainError(
        `two values of a single input are at the angle pi = ${Math.PI} or 0, got ${theta}: leave theta0 out or add an input`,
      );
    result.data.set([-1, 1]);
    return result;
  }
  result.data[0] = 1;
  result.data[inputs] = cos(theta);
  result.data[inputs + 1] = theta === Math.PI ? 0 : sin(theta);
  return result;
}

/**
 * What an ensemble is asked for the angles between these inputs: which pairs to measure, and how finely. `relativeError` is about the last layer's mean of ln sin^2 theta. Quantiles are
 * kept unless `quantiles` is empty. Throws `ShapeError` for fewer than two points, `DomainError` for a probability outside [0, 1].
 */
export function anglesRequest(
  architecture: Architecture,
  inputs: Matrix,
  { pairs: most = defaultPairs, seed = 0, quantiles = [] }: Pick<MeasureAnglesOptions, "pairs" | "seed" | "quantiles"> = {},
): MetricRequest<AnglesState> {
  if (inputs.rows < 2) throw new ShapeError(`angles need at least two points, got ${inputs.rows}`);
  checkProbabilities(quantiles);
  const { pairs } = measuredPairs(inputs, { pairs: most, seed });
  if (pairs.length === 0)
    throw new DomainError(
      "every pair of inputs has a zero point or lies on one ray from 0, so no angle tells it apart: give other inputs",
    );
  const layers = hiddenLayers(architecture);
  const line = layers.find(({ shape }) => size(shape) === 1)?.layer;
  const options: AnglesOptions = { pairs, quantiles: quantiles.length > 0, line };
  const values = layers.reduce((sum, { shape }) => sum + size(shape), 0);
  return {
    metric: angles,
    options,
    precision: anglePrecision(architecture, inputs, pairs),
    steps: pairs.length * (3000 * layers.length + 100 * values),
    watched: ({ layers }) => {
      const last = layers.at(-1);
      return last && last.logSin2.count > 1 ? runningEstimate(last.logSin2) : undefined;
    },
  };
}
