import { type Estimate, type Matrix, type Running, runningEstimate, runningSd, ShapeError, sample, split } from "@sonde/core";
import {
  type Architecture,
  type Drawn,
  drawnBy,
  type EnsembleInputs,
  type EstimationOptions,
  type Executor,
  gaussianInputs,
  hiddenLayers,
  type MetricRequest,
  planEstimate,
  runEstimate,
  sharedStream,
  size,
} from "@sonde/nets";
import type { Positions } from "../layer-activations.js";
import type { UnitOptions } from "../measure-units.js";
import { formulaDomain, predictVni, type VniPrediction } from "../theory/predict-vni.js";
import { type LocalRun, localPoint, measureLocal } from "./measure-local.js";
import { type Observed, observed } from "./pre-activations.js";
import { type VniLayerState, type VniMetricOptions, type VniState, vniMetric } from "./vni-metric.js";

export interface MeasureVniOptions extends EstimationOptions, Pick<UnitOptions, "centred" | "removeBias"> {
  /** A data set `[points, inputs]`, the same for every network. Default: standard normal points, drawn afresh for every network. */
  readonly data?: Matrix<Float64Array>;
  /** How many standard normal points there are. Default 2000. */
  readonly points?: number;
  /** After the activations (default) or before them. */
  readonly where?: "post" | "pre";
  /** What the positions of convolutional layers count as. Default `points`. */
  readonly positions?: Positions;
  /** Measure the local VNI too, at one standard normal input for each network, or at a point of the data drawn by the seed. Default true. */
  readonly local?: boolean;
}

/** A mean over networks with the spread of one network. */
export interface SpreadEstimate extends Estimate {
  /** Standard deviation over networks. */
  readonly sd: number;
}

export interface VniLayer {
  /** Counted from 1. */
  readonly layer: number;
  /** The VNI over the points. NaN if fewer than two units vary in every network. */
  readonly vni: SpreadEstimate;
  readonly weighted: SpreadEstimate;
  /** The local VNI, of the Jacobian at one input. */
  readonly local?: SpreadEstimate;
  /** What the published formula says of the local VNI, and what its finite-width form does; absent where there is none. */
  readonly formula?: number;
  readonly annealed?: number;
  /** 1 / vni. */
  readonly effectiveNodes: number;
  /** The number of units that are constant over the points. */
  readonly constantUnits: Estimate;
  readonly lengthShare: Estimate;
  /** Networks in which fewer than two units vary: left out of the averages above. */
  readonly leftOut: number;
}

export interface VniRecord {
  readonly layers: readonly VniLayer[];
  readonly networks: number;
  /** M: the values depend on it through rarely active units, so it belongs to the result. */
  readonly points: number;
  readonly where: "post" | "pre";
  readonly method: Drawn;
  readonly executor: Executor;
  readonly interrupted: boolean;
  /** What a reader should know: few points, a formula out of its domain, why something is missing. */
  readonly warnings: readonly string[];
}

/** The points of `measureVni` where it is not told. */
export const defaultVniPoints = 2000;

/**
 * Measures how much the units of random networks have in common, layer by layer: VNI, weighted VNI and length share over points, the local VNI at one input, and what theory says of it.
 *
 * `relativeError` is about the last layer's VNI.
 *
 * @throws ConfigError, ShapeError or DomainError for a request that makes no sense
 * @see Chang and Lin, arXiv 1910.09745
 *
 * @example
 * const { layers } = await measureVni(mlp("16-16x3-1"), { networks: 20, points: 500 });
 * layers[2].effectiveNodes < 16 // true
 */
export async function measureVni(architecture: Architecture, options: MeasureVniOptions = {}): Promise<VniRecord> {
  const { where = "post", local = true } = options;
  const seen = observed(architecture, where);
  const inputs = vniInputs(seen.architecture, options);
  const request = vniRequest(seen, inputs.rows, { ...options, points: undefined });
  const plan = planEstimate(seen.architecture, inputs, [request], options);
  const run = await runEstimate(plan, [request], options);
  const state = run.states[0] as VniState;
  const localRun: LocalRun =
    local && !run.interrupted ? await measureLocal(seen, { ...options, networks: run.networks }) : { warnings: [] };
  const { executor } = plan;
  const theory = predictVni(architecture, { meanSquare: meanSquareOf(options.data && localPoint(options.data, options.seed)) });
  return vniRecord(state, {
    theory,
    local: localRun.layers,
    where,
    points: inputs.rows,
    networks: run.networks,
    method: drawnBy[executor],
    executor,
    interrupted: run.interrupted || (localRun.interrupted ?? false),
    warnings: localRun.warnings,
  });
}

/** The inputs that `measureVni` uses: the data, or standard normal points that every network draws for itself. */
export function vniInputs(
  architecture: Architecture,
  { data, points = defaultVniPoints, seed }: Pick<MeasureVniOptions, "data" | "points" | "seed">,
): EnsembleInputs {
  const inputs = data ?? gaussianInputs(architecture, { points, seed });
  if (inputs.rows < 4)
    throw new ShapeError(`the VNI needs at least 4 points, better ten times the effective nodes, got ${inputs.rows}: take more`);
  if (inputs.cols !== size(architecture.input))
    throw new ShapeError(`the model takes ${size(architecture.input)} values, but the data has points of ${inputs.cols}`);
  return inputs;
}

/** What one look at a layer costs beside its values, in elementary steps. */
const lookSteps = 3e5;

/** What `vniRequest` is asked with beside the layers. */
export interface VniRequestOptions extends Omit<VniMetricOptions, "layers" | "rows"> {
  /** Look at so many of the points only, drawn by the seed. Default: all. */
  readonly points?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** What an ensemble of so many points is asked for the VNI of these layers, see `VniMetricOptions`. `relativeError` is about the last layer's VNI. */
export function vniRequest(
  { architecture, layers }: Observed,
  points: number,
  { centred, removeBias, positions, keep, points: most = points, seed = 0 }: VniRequestOptions = {},
): MetricRequest<VniState> {
  const rows = most < points ? Array.from(sample(split(sharedStream(seed), 3), points, most)) : undefined;
  const options: VniMetricOptions = { layers, centred, removeBias, positions, keep, rows };
  const hidden = hiddenLayers(architecture);
  const steps = layers.reduce((sum, { layer, units }) => {
    const values = Math.min(points, most) * size(hidden[layer - 1].shape);
    return sum + lookSteps + values * (60 + 0.3 * Math.min(units, (2 * values) / units));
  }, 0);
  return {
    metric: vniMetric,
    options,
    steps,
    watched: ({ layers: states }) => {
      const last = states.at(-1);
      return last && last.vni.count > 1 ? runningEstimate(last.vni) : undefined;
    },
  };
}

/** The record behind a finished state. */
export function vniRecord(
  state: VniState,
  {
    theory,
    local,
    warnings,
    ...run
  }: Omit<VniRecord, "layers"> & { readonly theory: VniPrediction; readonly local?: readonly Running[] },
): VniRecord {
  const layers = state.layers.map((layer, l) => layerOf(layer, l, theory, run.where, local?.[l]));
  return { layers, ...run, warnings: [...warnings, ...warningsOf(layers, theory, run.points)] };
}

function layerOf(
  { vni, weighted, lengthShare, constantUnits, leftOut }: VniLayerState,
  l: number,
  { layers }: VniPrediction,
  where: "post" | "pre",
  local?: Running,
): VniLayer {
  const predicted = layers[l];
  return {
    layer: l + 1,
    vni: spreadEstimate(vni),
    weighted: spreadEstimate(weighted),
    ...(local && { local: spreadEstimate(local) }),
    ...(predicted && {
      formula: where === "pre" ? predicted.preFormula : predicted.formula,
      annealed: where === "pre" ? predicted.preAnnealed : predicted.annealed,
    }),
    effectiveNodes: vni.count / vni.sum,
    constantUnits: runningEstimate(constantUnits),
    lengthShare: runningEstimate(lengthShare),
    leftOut,
  };
}

function warningsOf(layers: readonly VniLayer[], { reason, beyond }: VniPrediction, points: number): string[] {
  const warnings: string[] = [];
  const few = layers.find(({ effectiveNodes }) => points < 10 * effectiveNodes);
  if (few)
    warnings.push(
      `${points} points are few for about ${Math.round(few.effectiveNodes)} effective nodes (layer ${few.layer}): single networks are noisy, though the averages are not biased`,
    );
  const alone = layers.find(({ leftOut }) => leftOut > 0);
  if (alone) {
    const { leftOut, layer } = layers[layers.length - 1];
    warnings.push(
      leftOut > 0
        ? `${leftOut} networks have fewer than two units that vary in layer ${layer} and are left out there`
        : `some networks have fewer than two units that vary in layer ${alone.layer} and are left out there`,
    );
  }
  if (beyond !== undefined)
    warnings.push(
      `the formula exceeds ${formulaDomain} from layer ${beyond} on, where it is not valid: it describes the local VNI within a few percent below`,
    );
  if (reason !== undefined) warnings.push(`no formula from there on: ${reason}`);
  return warnings;
}

function spreadEstimate(values: Running): SpreadEstimate {
  return { ...runningEstimate(values), sd: runningSd(values) };
}

/** |x|^2 / d of the point at which the local VNI is taken: 1 for standard normal points. */
function meanSquareOf(point: Matrix | undefined): number {
  if (!point) return 1;
  let sum = 0;
  for (let k = 0; k < point.cols; k++) sum += point.data[k] * point.data[k];
  return sum / point.cols;
}
