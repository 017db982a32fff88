import { ConfigError, type Matrix, ShapeError } from "@sonde/core";
import {
  type Architecture,
  drawnBy,
  type EnsembleInputs,
  type EnsemblePlan,
  type EstimationOptions,
  gaussianInputs,
  growEstimate,
  inferShapes,
  type MetricRequest,
  planEstimate,
  type ShapedLayer,
  size,
  standardise as standardised,
} from "@sonde/nets";
import type { Checkpoint } from "./checkpoint.js";
import { summaryOf } from "./columns.js";
import { type MomentsOptions, type MomentsState, moments } from "./metric.js";
import { layerQuantities } from "./network-values.js";
import { planPlaces } from "./plan-places.js";
import { type MomentsRecord, momentsRecord } from "./record.js";
import { theoryKind } from "./theory/layer-theory.js";

/** `relativeError` is about the last layer's mean ln chi. */
export interface MeasureMomentsOptions extends Omit<EstimationOptions, "resume"> {
  /** A batch `[points, inputs]` that all networks see. Default: `batch` standard normal points, drawn anew for each network. */
  readonly data?: Matrix<Float64Array>;
  /** Points in a batch where there is no `data`. Default 512. */
  readonly batch?: number;
  /** Brings every feature of the batch (every channel, over positions too) to mean 0 and variance 1; constant features become 0. Default true. */
  readonly standardise?: boolean;
  /** Whether the noise takes batch norm's statistics as constants (`frozen`, default, as in the paper) or differentiates them (`full`). */
  readonly jacobian?: "frozen" | "full";
  /** Where effective ranks are found: where the layers' own are read (default), or at every place. */
  readonly ranks?: "reported" | "everywhere";
  /** Default: float32, or float64 where that is cheaper. */
  readonly precision?: "float32" | "float64";
  /** A run of the same request to go on from. */
  readonly resume?: Checkpoint;
  /** Called after every chunk of networks with what a later run can go on from; it is valid until the next call. */
  readonly checkpoint?: (checkpoint: Checkpoint) => void;
}

/**
 * The moments of signal and noise through the layers of random networks: does the signal keep its dimensions, does noise drown it?
 *
 * A batch x and for every point a direction dx of independent N(0, 1) noise go through the same network, the noise linearised. At every layer: the power nu_2 and the centred power mu_2 of the
 * signal, its effective rank and that of the noise, and the normalised sensitivity chi = sqrt(nu_2(dx) / mu_2(x)), relative to the input's. Each with mean, standard error, standard
 * deviation and percentiles over networks, and with the theory beside it.
 *
 * @throws ConfigError, ShapeError or DomainError for a request that makes no sense
 * @see Labatie, Characterizing well-behaved vs. pathological deep neural networks, ICML 2019, arXiv 1811.03087
 *
 * @example
 * const { layers } = await measureMoments(mlp("8-64x5-1", { norm: "batch" }), { batch: 64, networks: 40 });
 * layers[0].deltaChi.mean.toFixed(1) // "1.2"
 */
export async function measureMoments(architecture: Architecture, options: MeasureMomentsOptions = {}): Promise<MomentsRecord> {
  const run = prepare(architecture, options);
  let last: { state: MomentsState; networks: number } | undefined;
  let interrupted = false;
  try {
    for await (last of run.grow());
  } catch (error) {
    if (!last || !options.signal?.aborted || error !== options.signal.reason) throw error;
    interrupted = true;
  }
  if (!last) throw new ConfigError("there are no networks to measure: ask for at least one");
  return run.record({ ...last, interrupted });
}

/**
 * The same as a generator of growing estimates: one record after every chunk of networks, each from all networks so far. Leaving the loop ends the run.
 *
 * @example
 * let last;
 * for await (last of growMoments(mlp("8-16x3-1"), { batch: 16, networks: 1000 })) if (last.networks >= 100) break;
 * last.layers.length // 3
 */
export async function* growMoments(
  architecture: Architecture,
  options: MeasureMomentsOptions = {},
): AsyncGenerator<MomentsRecord, void> {
  const run = prepare(architecture, options);
  for await (const { state, networks } of run.grow()) yield run.record({ state, networks, interrupted: false });
}

/** What both ways to run share. */
function prepare(architecture: Architecture, options: MeasureMomentsOptions) {
  const inputs = momentsInputs(architecture, options);
  const request = momentsRequest(architecture, inputs, options);
  const { jacobian = "frozen", resume, checkpoint, ...rest } = options;
  const plan: EnsemblePlan = planEstimate(architecture, inputs, [request], rest, { tangents: { batchNorm: jacobian } });
  const places = planPlaces(architecture, options.ranks);
  const theory = theoryKind(architecture);
  const { executor } = plan;
  const facts = { batch: inputs.rows, jacobian, method: drawnBy[executor], executor };
  const from = resume && { states: [resume.state], networks: resume.networks };
  return {
    async *grow(): AsyncGenerator<Checkpoint, void> {
      for await (const { states, networks } of growEstimate(plan, [request], { ...rest, resume: from })) {
        const known = { state: states[0] as MomentsState, networks };
        checkpoint?.(known);
        yield known;
      }
    },
    record: ({ state, ...run }: Checkpoint & { readonly interrupted: boolean }) =>
      momentsRecord(state, places, theory, { ...facts, ...run }),
  };
}

/**
 * The inputs of a run: the batch, standardised unless that is not wanted, or Gaussian points of each network's own.
 *
 * Throws `ConfigError` for a batch of one point that is to be standardised, `ShapeError` for points of another size than the inputs.
 */
export function momentsInputs(
  architecture: Architecture,
  { data, batch = 512, standardise = true, seed }: MeasureMomentsOptions,
): EnsembleInputs {
  const points = data?.rows ?? batch;
  if (standardise && points === 1)
    throw new ConfigError("a batch of one point has no spread to be standardised: give at least 2 points, or do not standardise");
  if (!data) return gaussianInputs(architecture, { points, standardised: standardise, seed });
  const inputs = size(architecture.input);
  if (data.cols !== inputs) throw new ShapeError(`a point needs ${inputs} values, got ${data.cols}: give rows of ${inputs}`);
  return standardise ? standardised(data, { channels: architecture.input[architecture.input.length - 1] }).points : data;
}

/** What an ensemble is asked for moments. `relativeError` is about the last layer's mean ln chi. Its run has to carry tangents, unless `noisy` is false. */
export function momentsRequest(
  architecture: Architecture,
  inputs: Matrix,
  { ranks, precision, noisy = true }: Pick<MeasureMomentsOptions, "ranks" | "precision"> & { readonly noisy?: boolean } = {},
): MetricRequest<MomentsState> {
  const plan = planPlaces(architecture, ranks);
  const options: MomentsOptions = { ...plan, noisy };
  const logChi = (plan.layers.length - 1) * layerQuantities.length + layerQuantities.indexOf("logChi");
  return {
    metric: moments,
    options,
    precision,
    steps: metricSteps(
      architecture,
      inputs.rows,
      plan.places.map((place) => place.ranks),
    ),
    watched: (state) => {
      if (plan.layers.length === 0) return undefined;
      const { mean, standardError } = summaryOf(state.layers, logChi);
      return { value: mean, standardError };
    },
  };
}

/** Elementary steps of the sums at every place, and of some forty products for an effective rank. */
function metricSteps(architecture: Architecture, points: number, ranks: readonly boolean[]): number {
  const sizes = [size(architecture.input)];
  const visit = (layers: readonly ShapedLayer[]): void => {
    for (const { branches, output } of layers) {
      branches.forEach(visit);
      sizes.push(size(output));
    }
  };
  visit(inferShapes(architecture));
  return sizes.reduce((sum, values, p) => sum + points * values * (ranks[p] ? 1400 : 80), 0);
}
