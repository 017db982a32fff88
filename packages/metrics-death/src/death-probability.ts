import { DomainError, type Estimate, type Matrix, meanEstimate, proportion, ShapeError } from "@sonde/core";
import { type Architecture, type EstimationOptions, type Executor, estimateOver, type MetricRequest } from "@sonde/nets";
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
  const domain = deathDomain(architecture, options);
  const { states, executor, interrupted } = await estimateOver(architecture, domain.inputs, [deathRequest(domain)], options);
  return { ...deathRecord(states[0] as DeathState, architecture, domain), method: executor, interrupted };
}

/** What an ensemble is asked for death on a domain. `relativeError` is about P(born dead). */
export function deathRequest({ shares }: DomainPoints): MetricRequest<DeathState> {
  return { metric: death, options: { shares }, watched: ({ bornDead, networks }) => proportion(bornDead, networks) };
}

/** The points of the options' data set or domain. */
export function deathDomain(
  architecture: Architecture,
  { domain, data, points = 512, seed = 0 }: DeathProbabilityOptions,
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
  const bounds = deathBounds(architecture, domain);
  // Where death is impossible nothing is estimated: 0 is exact.
  const died = (count: number): Estimate =>
    bounds.upper === 0
      ? { value: 0, standardError: 0, low: 0, high: 0, networks: state.networks }
      : proportion(count, state.networks);
  return {
    ...died(state.bornDead),
    noLivingPoint: proportion(state.noLivingPoint, state.networks),
    bounds,
    layers: state.livingRatio.map((ratio, l) => ({
      layer: l + 1,
      livingRatio: meanEstimate(ratio),
      deadHere: died(state.deadHere[l]),
    })),
    domain: { kind: domain.kind, points: domain.inputs.rows },
  };
}
