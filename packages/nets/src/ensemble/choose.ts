import { ConfigError, type Matrix } from "@sonde/core";
import type { Architecture } from "../architecture.js";
import { layerInitialiser } from "../layer-initialiser.js";
import { inferShapes, type ShapedLayer, size } from "../shapes.js";
import { checkSteps } from "./check-steps.js";
import { fitsFloat32 } from "./float32-range.js";
import type { FreshInputs } from "./fresh.js";
import { firstReason, whyNotBackInKernels, whyNotInKernels, whyNotInLaw, whyNotInLawKernels } from "./lanes/support.js";
import { carriesPairs } from "./law-pair.js";
import { backwardThreadBytes, checkMemory, fitsKernels, fitsKernelsBackward, threadBytes } from "./memory.js";
import type { Simulation, SimulationName } from "./metric.js";
import { drawnBy, type EnsemblePlan, type Executor } from "./plan.js";

/** How layers are asked to be drawn: `count` and `auto` take the cheaper of the draws that are exact. */
export type Method = "auto" | "weights" | "law" | "count" | "conditional";

/** How finely points are told apart: `float64` where small differences matter, `difference` where two points are to be told apart below 1e-16 too, as far as the draw in law can. */
export type Precision = "float32" | "float64" | "difference";

export interface EnsembleRequest {
  readonly architecture: Architecture;
  /** The same points for every network, `[points, inputs]`. */
  readonly inputs: Matrix<Float64Array>;
  /** Every network draws standard normal points of its own instead, see `gaussianInputs`. */
  readonly fresh?: FreshInputs;
  /** The share of the inputs' domain that each point stands for, summing to 1; equal shares if absent. */
  readonly shares?: readonly number[];
  /** Tangents to carry along. */
  readonly tangents?: EnsemblePlan["tangents"];
  /** Gradients to carry back. */
  readonly gradients?: EnsemblePlan["gradients"];
  readonly seed: number;
  readonly method: Method;
  /** Default: float32 is enough. */
  readonly precision?: Precision;
  /** Fused multiply-add (relaxed SIMD) in the float32 kernels: faster on some machines, and different between them. Default false. */
  readonly relaxed?: boolean;
  /** Default: as many as the budget allows, from 16 to 10 000, of survivors to 100 000. */
  readonly networks?: number;
  /** Elementary steps (of about a tenth of a nanosecond) to spend where `networks` is not given. Default 10^10. */
  readonly budget?: number;
  /** Elementary steps that the metrics take for one network, where they are many. Default 0. */
  readonly metricSteps?: number;
  /** The metric's own way to draw networks; with `auto` it is preferred where it is exact. */
  readonly simulation?: Simulation & { readonly name: SimulationName };
  readonly metrics: EnsemblePlan["metrics"];
}

/**
 * The plan of a request: the executor and the sizes of chunks follow from shapes alone, never from timings or the number of threads.
 *
 * Throws `ConfigError` where the method is not exact for the architecture, and where the run would take more memory or time than `limits` say.
 */
export function planEnsemble(request: EnsembleRequest): EnsemblePlan {
  const {
    architecture,
    inputs,
    fresh,
    shares,
    tangents,
    gradients,
    seed,
    relaxed,
    metrics,
    budget = 1e10,
    metricSteps = 0,
  } = request;
  const executor = chooseExecutor(request);
  const rows = (tangents ? 2 : 1) * inputs.rows;
  checkMemory(architecture, rows, executor, gradients !== undefined);
  const cost = metricSteps + networkSteps(request, executor);
  const networks = request.networks ?? Math.max(16, Math.min(mostByDefault(executor), Math.floor(budget / cost)));
  checkSteps(cost, networks, request.networks !== undefined);
  const chunk = 4 * Math.max(1, Math.min(1024, Math.floor(5e7 / cost)));
  return {
    architecture,
    inputs,
    fresh,
    shares,
    tangents,
    gradients,
    seed,
    executor,
    relaxed,
    networks,
    chunk,
    work: networks * cost,
    bytes:
      gradients && (executor === "kernels" || executor === "reference")
        ? backwardThreadBytes(architecture, inputs.rows, tangents ? 2 : 1, executor)
        : threadBytes(architecture, rows, executor),
    metrics,
  };
}

/** Survivors take microseconds each, and what they are for is rare. */
function mostByDefault(executor: Executor): number {
  return executor === "survivors" ? 100_000 : 10_000;
}

function chooseExecutor(request: EnsembleRequest): Executor {
  if (request.gradients) return chooseForGradients(request);
  const { architecture, inputs, fresh, tangents, method, precision = "float32", simulation } = request;
  const layers = inferShapes(architecture);
  const lawRefusal = firstReason(layers, whyNotInLaw);
  const rows = (tangents ? 2 : 1) * inputs.rows;
  const draws = method === "count" ? "weights" : method;
  const own = simulation && (draws === "auto" || draws === drawnBy[simulation.name]) ? simulation : undefined;
  const refusal = fresh ? "every network has inputs of its own" : own?.refusal(architecture, inputs);
  if (own && !refusal) return own.name;
  if (method === "conditional") {
    const reason = refusal ?? "what is measured looks at all networks";
    throw new ConfigError(`--method conditional is not exact here: ${reason}; use --method count`);
  }
  if (method === "law" && lawRefusal)
    throw new ConfigError(`--method law is not exact here: ${lawRefusal}; use --method weights`);
  if (precision === "difference" && method !== "weights" && !tangents && carriesPairs(architecture, inputs)) return "law-pair";
  const inLaw = firstReason(layers, whyNotInLawKernels) || !fitsKernels(architecture, rows, "law") ? "law-reference" : "law";
  if (method === "law" && tangents && inLaw === "law-reference")
    throw new ConfigError("--method law carries no tangents through this architecture: use --method weights");
  if (method === "law") return inLaw;
  const inFloat32 =
    precision === "float32" &&
    !firstReason(layers, whyNotInKernels) &&
    fitsKernels(architecture, rows, "weights") &&
    fitsFloat32(architecture, inputs);
  const onWeights = inFloat32 ? "kernels" : "reference";
  if (method === "weights" || lawRefusal || (tangents && inLaw === "law-reference")) return onWeights;
  const cost = networkCost(architecture, rows);
  return cost[inLaw] < cost[onWeights] ? inLaw : onWeights;
}

/** Gradients need explicit weights. */
function chooseForGradients({ architecture, inputs, tangents, method, precision }: EnsembleRequest): Executor {
  if (method === "law" || method === "conditional")
    throw new ConfigError(`--method ${method} carries no gradients: use --method weights or auto`);
  const inFloat32 =
    (precision ?? "float32") === "float32" &&
    !firstReason(inferShapes(architecture), whyNotBackInKernels) &&
    fitsKernelsBackward(architecture, inputs.rows, tangents ? 2 : 1) &&
    fitsFloat32(architecture, inputs);
  return inFloat32 ? "kernels" : "reference";
}

/** Elementary steps for one network; the way back takes about twice those of the way forward. */
function networkSteps({ architecture, inputs, tangents, gradients, simulation }: EnsembleRequest, executor: Executor): number {
  if (executor === simulation?.name) return simulation.steps(architecture, inputs);
  const passes = (tangents ? 2 : 1) + (gradients ? 2 : 0);
  return networkCost(architecture, passes * inputs.rows)[executor as WalkingExecutor] + (gradients ? keptCost(architecture) : 0);
}

/** Drawing weights that are not independent, in float64, layer by layer: orthogonal ones by a decomposition. */
function keptCost(architecture: Architecture): number {
  const visit = (layers: readonly ShapedLayer[]): number =>
    layers.reduce((sum, { layer, weights, branches }) => {
      const drawn = weights && !layerInitialiser(layer).law?.(weights);
      const [inputs, outputs] = [drawn ? size(weights.kernel) * weights.inputs : 0, weights?.outputs ?? 0];
      return sum + 40 * inputs * outputs * Math.min(inputs, outputs) + visit(branches.flat());
    }, 0);
  return visit(inferShapes(architecture));
}

/** Executors that compute every layer. */
type WalkingExecutor = Exclude<Executor, SimulationName>;

/** Elementary steps (about a tenth of a nanosecond each) for one network, by executor. */
function networkCost(architecture: Architecture, points: number): Record<WalkingExecutor, number> {
  const cost = { reference: 0, kernels: 0, law: 0, "law-reference": 0, "law-pair": 0 };
  const visit = (layers: readonly ShapedLayer[]): void => {
    for (const { weights, output, branches } of layers) {
      branches.forEach(visit);
      const values = points * size(output);
      // What every layer costs, however small it is, and every value.
      cost.reference += 50_000 + 100 * values;
      cost["law-reference"] += 50_000 + 100 * values;
      cost["law-pair"] += 6000 + 100 * values;
      cost.kernels += 500 + 4 * values;
      cost.law += 1000 + 20 * values;
      if (!weights) continue;
      const count = size(weights.kernel) * weights.inputs * weights.outputs;
      const positions = size(output) / weights.outputs;
      cost.reference += count * (300 + 12 * points * positions);
      cost.kernels += count * (20 + 0.5 * points * positions);
      cost["law-reference"] += 300 * values + 12 * points * points * (weights.inputs + weights.outputs);
      cost["law-pair"] += 200 * values;
      cost.law += 30 * values + 2 * points * points * (weights.inputs + weights.outputs);
    }
  };
  visit(inferShapes(architecture));
  return cost;
}
