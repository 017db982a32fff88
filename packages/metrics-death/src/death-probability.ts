import { DomainError, type Estimate, type Matrix, meanEstimate, proportion, runningEstimate, ShapeError } from "@sonde/core";
import {
  type Architecture,
  type Drawn,
  drawnBy,
  type EnsembleInputs,
  type EstimationOptions,
  type Executor,
  estimateOver,
  growEstimate,
  type MetricRequest,
  planEstimate,
  size,
} from "@sonde/nets";
import { type DeathBounds, deathBounds } from "./bounds/death-bounds.js";
import { type DomainPoints, domainPoints, type Interval } from "./domain.js";
import { type DeathState, death } from "./metric.js";

export interface DeathProbabilityOptions extends EstimationOptions {
  /** One interval for a single input, or one for each input (a box). Default: [-1, 1] for every input. */
  readonly domain?: Interval | readonly Interval[];
  /** A finite data set `[points, inputs]` instead of a domain. */
  readonly data?: Matrix<Float64Array>;
  /** Points of a grid or sample where the domain needs one. At least 2, default 512. */
  readonly points?: number;
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
  /** How layers were drawn, and by what. */
  readonly method: Drawn;
  readonly executor: Executor;
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
  const domain = deathDomain(architecture, options);
  const { states, executor, interrupted } = await estimateOver(architecture, ensembleInputs(domain), [deathRequest()], options);
  return { ...deathRecord(states[0] as DeathState, architecture, domain), method: drawnBy[executor], executor, interrupted };
}

/**
 * The same as a generator of growing estimates: one record after every chunk of networks, each from all networks so far. Leaving the loop ends the run.
 *
 * @example
 * let last;
 * for await (last of growDeathProbability(mlp("1-2x10-1"), { networks: 1000 })) if (last.standardError < 0.01) break;
 * last.standardError < 0.01 // true
 */
export async function* growDeathProbability(
  architecture: Architecture,
  options: DeathProbabilityOptions = {},
): AsyncGenerator<DeathRecord, void> {
  const domain = deathDomain(architecture, options);
  const requests = [deathRequest()];
  const plan = planEstimate(architecture, ensembleInputs(domain), requests, options);
  const { executor } = plan;
  for await (const { states, interrupted } of growEstimate(plan, requests, options))
    yield { ...deathRecord(states[0] as DeathState, architecture, domain), method: drawnBy[executor], executor, interrupted };
}

/** What an ensemble is asked for death. `relativeError` is about P(born dead). */
export function deathRequest(): MetricRequest<DeathState> {
  return { metric: death, options: {}, watched: bornDeadEstimate };
}

/** A domain's points as an ensemble takes them. */
export function ensembleInputs({ inputs, shares }: DomainPoints): EnsembleInputs {
  return { ...inputs, shares };
}

/** The points of the options' data set or domain. */
export function deathDomain(
  architecture: Architecture,
  { domain, data, points = 512, seed = 0 }: DeathProbabilityOptions,
): DomainPoints {
  const inputs = size(architecture.input);
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
  const { networks, survivors } = state;
  const bounds = deathBounds(architecture, domain);
  // Where death is impossible nothing is estimated: 0 is exact.
  const exact = bounds.upper === 0 ? { value: 0, standardError: 0, low: 0, high: 0, networks } : undefined;
  const bornDead = exact ?? bornDeadEstimate(state);
  return {
    ...bornDead,
    // Survivors are propagated where biases are 0: then no point lives exactly where the network is born dead.
    noLivingPoint: survivors ? bornDead : proportion(state.noLivingPoint, networks),
    bounds,
    layers: state.livingRatio.map((ratio, l) => ({
      layer: l + 1,
      livingRatio: survivors ? shareEstimate(meanEstimate(survivors.livingRatio[l])) : shareEstimate(runningEstimate(ratio)),
      deadHere:
        exact ?? (survivors ? shareEstimate(meanEstimate(survivors.deadHere[l])) : proportion(state.deadHere[l], networks)),
    })),
    domain: { kind: domain.kind, points: domain.inputs.rows },
  };
}

function bornDeadEstimate({ bornDead, networks, survivors }: DeathState): Estimate {
  return survivors ? shareEstimate(meanEstimate(survivors.bornDead)) : proportion(bornDead, networks);
}

/** Keeps the interval of a share within [0, 1]. */
function shareEstimate(estimate: Estimate): Estimate {
  return { ...estimate, low: Math.max(0, estimate.low), high: Math.min(1, estimate.high) };
}
