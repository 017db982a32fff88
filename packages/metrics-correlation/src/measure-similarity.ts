import { DomainError, type Estimate, type Matrix, runningEstimate, ShapeError } from "@sonde/core";
import {
  type Architecture,
  type Drawn,
  drawnBy,
  type EstimationOptions,
  type Executor,
  estimateOver,
  hiddenLayers,
  type MetricRequest,
  size,
} from "@sonde/nets";
import { leastPoints } from "./linear-cka.js";
import { type SimilarityOptions, type SimilarityState, similarity } from "./similarity.js";

export interface SimilarityMeasureOptions {
  /** CKA without the bias of few points, see `linearCka`; needs at least 4. Default false. */
  readonly debiased?: boolean;
  /** Of the Gram rank, see `gramRank`. */
  readonly tolerance?: number;
}

export interface MeasureSimilarityOptions extends EstimationOptions, SimilarityMeasureOptions {
  /** The data set, `[points, inputs]`, the same for every network. */
  readonly data: Matrix<Float64Array>;
}

/** Means over the networks in which the quantity exists; NaN with `networks` 0 where it exists in none. */
export interface SimilarityLayer {
  /** Counted from 1. */
  readonly layer: number;
  /** The average cosine over all pairs of points that are not zero. */
  readonly averageCosine: Estimate;
  /** The share of the points that are zero. */
  readonly zeroPoints: Estimate;
  /** The numerical rank of the Gram matrix of the points. */
  readonly gramRank: Estimate;
  /** Linear CKA with the inputs, and with the layer before (for layer 1: the inputs). */
  readonly ckaWithInputs: Estimate;
  readonly ckaWithPrevious: Estimate;
}

export interface SimilarityRecord {
  readonly layers: readonly SimilarityLayer[];
  readonly networks: number;
  readonly method: Drawn;
  readonly executor: Executor;
  readonly interrupted: boolean;
}

/**
 * Measures how a data set lies in the layers of random networks: average cosine, Gram rank, and linear CKA with the inputs and from layer to layer. `relativeError` is about the last layer's average
 * cosine.
 *
 * @throws ConfigError, ShapeError or DomainError for a request that makes no sense
 *
 * @example
 * const data = matrixFromRows([[1, 0], [0, 1], [1, 1], [-1, 2]]);
 * const { layers } = await measureSimilarity(mlp("2-64x3-1"), { data, networks: 50 });
 * layers[2].ckaWithInputs.value // 0.9...
 */
export async function measureSimilarity(
  architecture: Architecture,
  options: MeasureSimilarityOptions,
): Promise<SimilarityRecord> {
  const request = similarityRequest(architecture, options.data, options);
  const { states, networks, executor, interrupted } = await estimateOver(architecture, options.data, [request], options);
  const layers = similarityLayers(states[0] as SimilarityState);
  return { layers, networks, method: drawnBy[executor], executor, interrupted };
}

/** What an ensemble is asked for the similarity of these inputs: with other requests it shares one pass. */
export function similarityRequest(
  architecture: Architecture,
  inputs: Matrix,
  { debiased = false, tolerance }: SimilarityMeasureOptions = {},
): MetricRequest<SimilarityState> {
  const least = leastPoints(debiased);
  if (inputs.rows < least)
    throw new ShapeError(`similarity${debiased ? " without bias" : ""} needs at least ${least} points, got ${inputs.rows}`);
  if (tolerance !== undefined && !(tolerance >= 0 && tolerance < 1))
    throw new DomainError(`the tolerance of a rank is a share of the longest point, from 0 to below 1, got ${tolerance}`);
  const options: SimilarityOptions = { inputs: { rows: inputs.rows, cols: inputs.cols, data: inputs.data }, debiased, tolerance };
  return {
    metric: similarity,
    options,
    precision: "float64",
    steps: similaritySteps(architecture, inputs),
    watched: (layers) => {
      const last = layers.at(-1);
      return last && last.averageCosine.count > 1 ? runningEstimate(last.averageCosine) : undefined;
    },
  };
}

/** Elementary steps for one network, about ten for a product: norms and products of layers, and Gram-Schmidt. */
function similaritySteps(architecture: Architecture, { rows, cols }: Matrix): number {
  let [previous, steps] = [cols, 0];
  for (const { shape } of hiddenLayers(architecture)) {
    const units = size(shape);
    const product = (a: number, b: number) => rows * Math.min(a * b, (rows * (a + b)) / 2);
    steps += product(units, units) + product(units, cols) + product(units, previous) + 2 * rows * units * Math.min(rows, units);
    previous = units;
  }
  return 10 * steps;
}

/** The estimates behind a finished state. */
export function similarityLayers(state: SimilarityState): SimilarityLayer[] {
  return state.map((layer, l) => ({
    layer: l + 1,
    averageCosine: runningEstimate(layer.averageCosine),
    zeroPoints: runningEstimate(layer.zeroPoints),
    gramRank: runningEstimate(layer.gramRank),
    ckaWithInputs: runningEstimate(layer.ckaWithInputs),
    ckaWithPrevious: runningEstimate(layer.ckaWithPrevious),
  }));
}
