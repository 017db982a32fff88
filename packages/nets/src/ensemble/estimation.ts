import { type AnyWorker, DomainError, type Estimate, type Matrix } from "@sonde/core";
import type { Architecture } from "../architecture.js";
import { type EnsembleRequest, type Method, type Precision, planEnsemble } from "./choose.js";
import type { FreshInputs } from "./fresh.js";
import type { AnyMetric, SimulationName } from "./metric.js";
import type { EnsemblePlan, Executor } from "./plan.js";
import { type EnsembleOptions, type EnsembleRun, growEnsemble, runEnsemble } from "./run.js";

/** What every estimate from an ensemble can be asked with. */
export interface EstimationOptions {
  /** Networks drawn, or with `relativeError` at most. Default: by the size of the model, from 16 to 10 000, of survivors to 100 000. */
  readonly networks?: number;
  /** Draw networks until standardError <= relativeError * |value| (each record says of which value), or until `networks` (then by default 10^7) are drawn. */
  readonly relativeError?: number;
  /** A whole number from 0. Default 0. */
  readonly seed?: number;
  /** How layers are drawn. Default `auto`: the cheaper of the exact draws. */
  readonly method?: Method;
  /** Elementary steps (of about a tenth of a nanosecond) to spend where neither `networks` nor `relativeError` is given. Default 10^10. */
  readonly budget?: number;
  /** Fused multiply-add (relaxed SIMD) in the float32 kernels, where the host has it: numbers then differ between machines. Default false. */
  readonly relaxed?: boolean;
  /** Worker threads, default 1; used with `createWorker`. The numbers do not depend on them. */
  readonly threads?: number;
  /** Makes a worker whose entry file calls `serveWorker(metrics)`. Default: everything on this thread. */
  readonly createWorker?: () => AnyWorker;
  /** Ends the run; what is finished is returned, marked `interrupted`. */
  readonly signal?: AbortSignal;
  /** An earlier run of the same request, with fewer networks or interrupted, that this one goes on from. */
  readonly resume?: Pick<EnsembleRun, "states" | "networks">;
  readonly progress?: (networks: number, most: number) => void;
}

/** A metric that an estimate needs, and what it needs of the run. */
export interface MetricRequest<State> {
  readonly metric: AnyMetric;
  readonly options: unknown;
  /** How finely it tells points apart. Default `float32`; the finest of all requests is taken. */
  readonly precision?: Precision;
  /** URL of the module that exports the metric, for workers whose entry file does not serve it. */
  readonly module?: string;
  /** Elementary steps that it takes for one network, where they are many. */
  readonly steps?: number;
  /** Which of the metric's own simulations suits the inputs, where it is exact and nothing else is measured. Default `survivors`. */
  readonly simulation?: SimulationName;
  /** The estimate that `relativeError` is about; the first request's decides. */
  readonly watched: (state: State) => Pick<Estimate, "value" | "standardError"> | undefined;
}

/** Points that all networks see, `[points, inputs]`, and the share of their domain that each stands for (equal ones if absent). */
export interface EnsembleInputs extends Matrix<Float64Array> {
  readonly shares?: readonly number[];
  /** Every network draws points of its own instead, see `gaussianInputs`. */
  readonly fresh?: FreshInputs;
}

// biome-ignore lint/suspicious/noExplicitAny: each request knows the state of its own metric
type AnyRequest = MetricRequest<any>;

/**
 * Plans and runs an ensemble for the metrics asked for, in one pass.
 *
 * Throws `DomainError` for a relative error that is not above 0, `ConfigError` for a request that cannot be planned.
 */
export async function estimateOver(
  architecture: Architecture,
  inputs: EnsembleInputs,
  requests: readonly AnyRequest[],
  options: EstimationOptions,
): Promise<EnsembleRun & { readonly executor: Executor }> {
  const plan = planEstimate(architecture, inputs, requests, options);
  return { ...(await runEstimate(plan, requests, options)), executor: plan.executor };
}

/** The plan of `estimateOver`, for callers that want to know its `work` before they run it, or to carry tangents along. */
export function planEstimate(
  architecture: Architecture,
  inputs: EnsembleInputs,
  requests: readonly AnyRequest[],
  { seed = 0, method = "auto", relativeError, relaxed, budget, networks }: EstimationOptions,
  { tangents }: Pick<EnsembleRequest, "tangents"> = {},
): EnsemblePlan {
  if (relativeError !== undefined && !(relativeError > 0))
    throw new DomainError(`a relative error to reach is a number above 0, got ${relativeError}`);
  return planEnsemble({
    architecture,
    inputs: { rows: inputs.rows, cols: inputs.cols, data: inputs.data },
    fresh: inputs.fresh,
    shares: inputs.shares,
    tangents,
    gradients: requests.some(({ metric }) => metric.backward) ? {} : undefined,
    seed,
    method,
    relaxed,
    precision: finest.find((precision) => requests.some((request) => request.precision === precision)),
    networks: networks ?? (relativeError === undefined ? undefined : 1e7),
    budget,
    metricSteps: requests.reduce((sum, { steps = 0 }) => sum + steps, 0),
    // Other metrics see nothing of what one metric draws for itself.
    simulation: requests.length === 1 ? ownSimulation(requests[0]) : undefined,
    metrics: requests.map(({ metric, options, module }) => ({ name: metric.name, options, module })),
  });
}

const finest: readonly Precision[] = ["difference", "float64", "float32"];

function ownSimulation({ metric, simulation = "survivors" }: AnyRequest): EnsembleRequest["simulation"] {
  const own = metric.simulations?.[simulation];
  return own && { ...own, name: simulation };
}

/** Networks without which no relative error counts as met. */
const fewest = 64;

/** The run of `estimateOver`. */
export function runEstimate(
  plan: EnsemblePlan,
  requests: readonly AnyRequest[],
  options: EstimationOptions,
): Promise<EnsembleRun> {
  return runEnsemble(plan, ensembleOptions(requests, options));
}

/** The run of `estimateOver` as a generator, see `growEnsemble`: what is known after every chunk, until the relative error is met or the networks are used up. */
export function growEstimate(
  plan: EnsemblePlan,
  requests: readonly AnyRequest[],
  options: EstimationOptions,
): AsyncGenerator<EnsembleRun, void> {
  return growEnsemble(plan, ensembleOptions(requests, options));
}

function ensembleOptions(requests: readonly AnyRequest[], options: EstimationOptions): EnsembleOptions {
  const { relativeError } = options;
  const reached = ([state]: readonly unknown[], networks: number): boolean => {
    const estimate = relativeError === undefined ? undefined : requests[0]?.watched(state);
    if (!estimate || relativeError === undefined) return false;
    // A standard error from few networks is itself uncertain.
    return networks >= fewest && estimate.value !== 0 && estimate.standardError <= relativeError * Math.abs(estimate.value);
  };
  return { ...options, metrics: requests.map(({ metric }) => metric), stop: reached };
}
