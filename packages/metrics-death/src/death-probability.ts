import { type AnyWorker, DomainError, type Estimate, type Matrix, meanEstimate, proportion, ShapeError } from "@sonde/core";
import { type Architecture, type EnsembleRequest, type Executor, planEnsemble, runEnsemble } from "@sonde/nets";
import { type DeathBounds, deathBounds } from "./bounds/death-bounds.js";
import { type DomainPoints, domainPoints, type Interval } from "./domain.js";
import { type DeathState, death } from "./metric.js";

export interface DeathProbabilityOptions {
  /** One interval for a single input, or one for each input (a box). Default: [-1, 1] for every input. */
  readonly domain?: Interval | readonly Interval[];
  /** A finite data set `[points, inputs]` instead of a domain. */
  readonly data?: Matrix<Float64Array>;
  /** Points of a grid or sample where the domain needs one. At least 2, default 512. */
  readonly points?: number;
  /** Networks drawn, or with `relativeError` at most. */
  readonly networks?: number;
  /** Draw networks until standardError <= relativeError * value, or until `networks` (then by default 10^7) are drawn. */
  readonly relativeError?: number;
  /** A whole number from 0. Default 0. */
  readonly seed?: number;
  /** How layers are drawn. Default `auto`: the cheaper of the exact ones. */
  readonly method?: EnsembleRequest["method"];
  /** Worker threads, default 1; used with `createWorker`. The numbers do not depend on them. */
  readonly threads?: number;
  /** Makes a worker whose entry file calls `serveWorker([death])`. Default: everything on this thread. */
  readonly createWorker?: () => AnyWorker;
  /** Ends the run; what is finished is returned, marked `interrupted`. */
  readonly signal?: AbortSignal;
  readonly progress?: (networks: number, most: number) => void;
}

export interface DeathLayer {
  /** Counted from 1. */
  readonly layer: number;
  /** The share of points that are alive through this layer. */
  readonly livingRatio: Estimate;
  /** The probability that the network died in this layer: the first that is zero at every point. */
  readonly deadHere: Estimate;
}

/** P(born dead) as an estimate, and what was found beside it. */
export interface DeathRecord extends Estimate {
  /** The probability that no single point is alive through all layers; with biases more than P(born dead). */
  readonly noLivingPoint: Estimate;
  readonly bounds: DeathBounds;
  readonly layers: readonly DeathLayer[];
  readonly method: Executor;
  readonly domain: { readonly kind: DomainPoints["kind"]; readonly points: number };
  readonly interrupted: boolean;
}

/**
 * The probability that a random network is born dead: that at initialisation some hidden layer is zero at every point of the domain, estimated by counting
 * independent networks.
 *
 * @param architecture any architecture; activations that never vanish give exactly 0
 * @throws ConfigError, ShapeError or DomainError for a request that makes no sense
 * @see Lu, Shin, Su, Karniadakis, arXiv 1903.06733; Rister and Rubin, arXiv 2007.06192
 *
 * @example
 * const { value, bounds } = await deathProbability(mlp("1-2x10-1"), { relativeError: 0.01, seed: 1 });
 * bounds.lower < value && value < bounds.upper // true
 */
export async function deathProbability(architecture: Architecture, options: DeathProbabilityOptions = {}): Promise<DeathRecord> {
  const { seed = 0, points = 512, method = "auto", relativeError } = options;
  if (relativeError !== undefined && !(relativeError > 0))
    throw new DomainError(`a relative error to reach is a number above 0, got ${relativeError}`);
  const domain = deathDomain(architecture, { ...options, points, seed });
  const plan = planEnsemble({
    architecture,
    inputs: domain.inputs,
    seed,
    method,
    networks: options.networks ?? (relativeError === undefined ? undefined : 1e7),
    metrics: [{ name: death.name, options: { shares: domain.shares } }],
  });
  const run = await runEnsemble(plan, {
    ...options,
    metrics: [death],
    stop: ([state]) => {
      const { value, standardError } = proportion((state as DeathState).bornDead, (state as DeathState).networks);
      return relativeError !== undefined && value > 0 && standardError <= relativeError * value;
    },
  });
  return {
    ...deathRecord(run.states[0] as DeathState, architecture, domain),
    method: plan.executor,
    interrupted: run.interrupted,
  };
}

/** The points of the options' data set or domain. */
export function deathDomain(
  architecture: Architecture,
  { domain, data, points, seed }: DeathProbabilityOptions & { readonly points: number; readonly seed: number },
): DomainPoints {
  const inputs = architecture.input.reduce((product, n) => product * n, 1);
  if (data) {
    if (data.cols !== inputs)
      throw new ShapeError(`the data needs ${inputs} columns, one per input of the model, got ${data.cols}`);
    if (data.rows === 0) throw new ShapeError("the data needs at least one point, got none");
    return { inputs: data, kind: "data" };
  }
  if (!(Number.isInteger(points) && points >= 2))
    throw new DomainError(`a grid or sample needs a whole number of at least 2 points, got ${points}`);
  return domainPoints(architecture, boxOf(domain, inputs), { points, seed });
}

function boxOf(domain: DeathProbabilityOptions["domain"], inputs: number): readonly Interval[] {
  if (domain === undefined) return Array.from({ length: inputs }, (): Interval => [-1, 1]);
  return typeof domain[0] === "number" ? [domain as Interval] : (domain as readonly Interval[]);
}

/** The estimates behind a finished state. */
export function deathRecord(state: DeathState, architecture: Architecture, domain: DomainPoints) {
  return {
    ...proportion(state.bornDead, state.networks),
    noLivingPoint: proportion(state.noLivingPoint, state.networks),
    bounds: deathBounds(architecture, domain),
    layers: state.livingRatio.map((ratio, l) => ({
      layer: l + 1,
      livingRatio: meanEstimate(ratio),
      deadHere: proportion(state.deadHere[l], state.networks),
    })),
    domain: { kind: domain.kind, points: domain.inputs.rows },
  };
}
