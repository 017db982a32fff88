import { type Matrix, matrix, matrixFromRows, normals, type Running, row, sampleRows, split } from "@sonde/core";
import {
  type Architecture,
  type EnsembleInputs,
  type EstimationOptions,
  gaussianInputs,
  inferShapes,
  layerInitialiser,
  type MetricRequest,
  planEstimate,
  runEstimate,
  type ShapedLayer,
  sharedStream,
  size,
} from "@sonde/nets";
import { copies, identity } from "../network-local-vni.js";
import { type LocalVniOptions, type LocalVniState, localVniMetric } from "./local-vni-metric.js";
import { type Observed, observed } from "./pre-activations.js";

/** Mean local VNI of every layer that was looked at; absent where there is none, for the reason in `warnings`. */
export interface LocalRun {
  readonly layers?: readonly Running[];
  readonly interrupted?: boolean;
  readonly warnings: readonly string[];
}

/** Inputs up to which the Jacobian is taken whole; beyond it its image of so many random directions is looked at. */
const mostDirections = 1024;

/** The local VNI over an ensemble: at one standard normal input for each network, or at a point of the data drawn by the seed. */
export async function measureLocal(
  { architecture, layers }: Observed,
  options: EstimationOptions & { readonly data?: Matrix<Float64Array> },
): Promise<LocalRun> {
  const refusal = whyNotLocal(inferShapes(architecture), "drawn");
  if (refusal !== undefined) return { warnings: [`no local VNI: ${refusal}`] };
  const { random, count } = directionsOf(architecture);
  const { data, seed } = options;
  const point: EnsembleInputs = data
    ? repeated(localPoint(data, seed), count)
    : gaussianInputs(architecture, { points: 1, copies: count, seed });
  const request: MetricRequest<LocalVniState> = {
    metric: localVniMetric,
    options: localOptions(layers, random),
    watched: () => undefined,
  };
  const tangents = { directions: random ? undefined : identity(count), batchNorm: "frozen" } as const;
  const method = options.method === "weights" ? "weights" : "auto";
  const plan = planEstimate(architecture, point, [request], { ...options, method, relativeError: undefined }, { tangents });
  const run = await runEstimate(plan, [request], { ...options, relativeError: undefined }).catch((error: unknown) => {
    // What was measured before is worth keeping.
    if (options.signal?.aborted && error === options.signal.reason) return undefined;
    throw error;
  });
  if (!run) return { interrupted: true, warnings: ["no local VNI: the run ended before any was measured"] };
  const { layers: measured } = run.states[0] as LocalVniState;
  return { layers: measured.map(({ local }) => local), interrupted: run.interrupted, warnings: [] };
}

/** What `observeNetwork` is asked with for the local VNI of given networks. */
export interface LocalSight {
  readonly metric: typeof localVniMetric;
  readonly options: LocalVniOptions;
  /** The point, once for each direction. */
  readonly inputs: Matrix<Float64Array>;
  readonly directions: Matrix<Float64Array>;
}

/**
 * How `observeNetwork` sees the local VNI of every hidden layer of given networks at the point of the data at which `measureVni` takes it for the same seed. `undefined` where there is none, behind batch norm.
 *
 * @example
 * localSight(mlp("2-8x3-1"), matrixFromRows([[1, 2]]))?.inputs.rows // 2
 */
export function localSight(architecture: Architecture, data: Matrix<Float64Array>, seed = 0): LocalSight | undefined {
  if (whyNotLocal(inferShapes(architecture), "given") !== undefined) return undefined;
  const { random, count } = directionsOf(architecture);
  const directions = random
    ? matrix(count, data.cols, normals(split(sharedStream(seed), 5), new Float64Array(count * data.cols)))
    : identity(count);
  const options = localOptions(observed(architecture, "post").layers, random);
  return { metric: localVniMetric, options, inputs: repeated(localPoint(data, seed), count), directions };
}

function localOptions(layers: Observed["layers"], random: boolean): LocalVniOptions {
  return { layers: layers.map(({ layer }) => layer), random };
}

/** How many directions a Jacobian is looked at in: whole, or in random ones. */
function directionsOf({ input }: Architecture): { readonly random: boolean; readonly count: number } {
  const inputs = size(input);
  return { random: inputs > mostDirections, count: Math.min(inputs, mostDirections) };
}

/** The point of the data at which the local VNI is taken, `[1, inputs]`: drawn by the seed, not 0 where others are not. */
export function localPoint(data: Matrix<Float64Array>, seed = 0): Matrix<Float64Array> {
  const drawn = (rows: Matrix<Float64Array>) => sampleRows(rows, 1, split(sharedStream(seed), 4));
  const point = drawn(data);
  if (point.data.some((value) => value !== 0)) return point;
  const others = Array.from({ length: data.rows }, (_, p) => row(data, p)).filter((own) => own.some((value) => value !== 0));
  return others.length === 0 ? point : drawn(matrixFromRows(others));
}

function repeated({ cols, data: point }: Matrix<Float64Array>, count: number): Matrix<Float64Array> {
  if (count === cols) return copies(point);
  const result = matrix(count, cols);
  for (let p = 0; p < count; p++) result.data.set(point, p * cols);
  return result;
}

/** Why there is no Jacobian at a single input: what a layer does depends on the other points, or how it is drawn. */
function whyNotLocal(layers: readonly ShapedLayer[], networks: "drawn" | "given"): string | undefined {
  for (const { layer, weights, path, branches } of layers) {
    if (layer.kind === "norm" && layer.norm === "batch")
      return `${path} normalises over the batch, so a single input has no Jacobian`;
    if (networks === "drawn" && weights && layerInitialiser(layer).needsInput)
      return `${path} is initialised with ${layerInitialiser(layer).name}, which looks at all points`;
    const inside = whyNotLocal(branches.flat(), networks);
    if (inside !== undefined) return inside;
  }
  return undefined;
}
