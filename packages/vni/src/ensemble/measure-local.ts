import { type Matrix, matrix, type Running, sampleRows, split } from "@sonde/core";
import {
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
import { type LocalVniState, localVniMetric } from "./local-vni-metric.js";
import type { Observed } from "./pre-activations.js";

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
  const refusal = whyNotLocal(inferShapes(architecture));
  if (refusal !== undefined) return { warnings: [`no local VNI: ${refusal}`] };
  const inputs = size(architecture.input);
  const random = inputs > mostDirections;
  const count = random ? mostDirections : inputs;
  const { data, seed } = options;
  const point: EnsembleInputs = data
    ? repeated(localPoint(data, seed), count)
    : gaussianInputs(architecture, { points: 1, copies: count, seed });
  const request: MetricRequest<LocalVniState> = {
    metric: localVniMetric,
    options: { layers: layers.map(({ layer }) => layer), random },
    watched: () => undefined,
  };
  const tangents = { directions: random ? undefined : identity(inputs), batchNorm: "frozen" } as const;
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

/** The point of the data at which the local VNI is taken, `[1, inputs]`. */
export function localPoint(data: Matrix<Float64Array>, seed = 0): Matrix<Float64Array> {
  return sampleRows(data, 1, split(sharedStream(seed), 4));
}

function repeated({ cols, data: point }: Matrix<Float64Array>, count: number): Matrix<Float64Array> {
  if (count === cols) return copies(point);
  const result = matrix(count, cols);
  for (let p = 0; p < count; p++) result.data.set(point, p * cols);
  return result;
}

/** Why there is no Jacobian at a single input: what a layer does depends on the other points. */
function whyNotLocal(layers: readonly ShapedLayer[]): string | undefined {
  for (const { layer, weights, path, branches } of layers) {
    if (layer.kind === "norm" && layer.norm === "batch")
      return `${path} normalises over the batch, so a single input has no Jacobian`;
    if (weights && layerInitialiser(layer).needsInput)
      return `${path} is initialised with ${layerInitialiser(layer).name}, which looks at all points`;
    const inside = whyNotLocal(branches.flat());
    if (inside !== undefined) return inside;
  }
  return undefined;
}
