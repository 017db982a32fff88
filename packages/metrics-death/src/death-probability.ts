import { ConfigError, DomainError, type Estimate, type Matrix, proportion, ShapeError } from "@sonde/core";
import {
  type Architecture,
  type Drawn,
  drawnBy,
  type EnsembleInputs,
  type EstimationOptions,
  type Executor,
  estimateOver,
  growEstimate,
  isHomogeneous,
  type MetricRequest,
  planEstimate,
  size,
} from "@sonde/nets";
import { type DeathBounds, deathBounds } from "./bounds/death-bounds.js";
import {
  checkBox,
  type DomainKind,
  type DomainPoints,
  domainPoints,
  type Interval,
  intervalEnds,
  type Sampling,
} from "./domain.js";
import { bornDeadEstimate, deadHereEstimates, exactly, livingRatioEstimates } from "./estimates.js";
import { type DeathState, death } from "./metric.js";
import { pieceSteps, whyNotPiecewise } from "./simulations/breakpoints.js";

export interface DeathProbabilityOptions extends EstimationOptions {
  /** One interval for a single input, or one for each input (a box). Default: [-1, 1] for every input. */
  readonly domain?: Interval | readonly Interval[];
  /** A finite data set `[points, inputs]` instead of a domain. */
  readonly data?: Matrix<Float64Array>;
  /** Points of a grid or sample where the domain needs one. At least 2, default 512. */
  readonly points?: number;
  /**
   * How a domain is looked at. `exact`: an interval of one input, by its rays or by following the breakpoints of each network; `grid`: evenly spaced points; `random`: uniform points. Default: exact where
   * that is possible, quick, and no number of points is asked for; otherwise a grid of an interval and random points of a box. The record says which.
   */
  readonly sampling?: Sampling;
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
  readonly domain: { readonly kind: DomainKind; readonly points: number };
  readonly interrupted: boolean;
}

/**
 * The probability that a random network is born dead: that at initialisation some hidden layer is zero at every point of the domain, estimated by counting
 * independent networks. For up to three rays with normal weights and zero bias it is averaged from exact conditional probabilities instead, which also reaches what is far too rare to count.
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
  const domain = chosenDomain(architecture, options);
  const { states, executor, interrupted } = await estimateOver(
    architecture,
    ensembleInputs(domain),
    [deathRequest(domain)],
    options,
  );
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
  const domain = chosenDomain(architecture, options);
  const requests = [deathRequest(domain)];
  const plan = planEstimate(architecture, ensembleInputs(domain), requests, options);
  const { executor } = plan;
  for await (const { states, interrupted } of growEstimate(plan, requests, options))
    yield { ...deathRecord(states[0] as DeathState, architecture, domain), method: drawnBy[executor], executor, interrupted };
}

/** What an ensemble is asked for death. `relativeError` is about P(born dead). */
export function deathRequest(domain?: DomainPoints): MetricRequest<DeathState> {
  const simulation = domain?.kind === "interval" ? "breakpoints" : "survivors";
  return { metric: death, options: {}, simulation, watched: bornDeadEstimate };
}

/** A domain's points as an ensemble takes them. */
export function ensembleInputs({ inputs, shares }: DomainPoints): EnsembleInputs {
  return { ...inputs, shares };
}

/** The points of the options' data set or domain, which any metric can be shown. */
export function deathDomain(
  architecture: Architecture,
  { domain, data, points = 512, seed = 0, sampling }: DeathProbabilityOptions,
): DomainPoints {
  const inputs = size(architecture.input);
  if (data) {
    if (data.cols !== inputs)
      throw new ShapeError(`the data needs ${inputs} columns, one per input of the model, got ${data.cols}`);
    if (data.rows === 0) throw new ShapeError("the data needs at least one point, got none");
    return { inputs: data, kind: "data" };
  }
  if (!(Number.isInteger(points) && points >= 2))
    throw new DomainError(
      `a grid or sample of a domain needs a whole number of at least 2 points, got ${points}: take more, or give one point as data (--data)`,
    );
  return domainPoints(architecture, boxOf(domain, inputs), {
    points,
    seed,
    sampling: sampling === "exact" ? undefined : sampling,
  });
}

/** Elementary steps for one network (two milliseconds) up to which an interval is followed by its breakpoints unasked. */
const mostPieceSteps = 2e7;

/** The same, or the ends of an interval whose breakpoints death can follow. */
export function chosenDomain(architecture: Architecture, options: DeathProbabilityOptions): DomainPoints {
  const { data, sampling, points, method = "auto" } = options;
  const asked = sampling === "exact";
  const byDefault = sampling === undefined && points === undefined && method !== "law" && method !== "conditional";
  if (data || !(asked || byDefault)) return deathDomain(architecture, options);
  const box = boxOf(options.domain, size(architecture.input));
  checkBox(box, size(architecture.input));
  const homogeneous = isHomogeneous(architecture);
  if (box.length === 1 && homogeneous) return deathDomain(architecture, options);
  const refusal = whyNotPiecewise(architecture);
  if (asked && refusal)
    throw new ConfigError(`the domain cannot be treated exactly: ${refusal}; take a grid or a random sample instead`);
  if (refusal || (!asked && pieceSteps(architecture) > mostPieceSteps)) return deathDomain(architecture, options);
  return intervalEnds(box[0]);
}

function boxOf(domain: DeathProbabilityOptions["domain"], inputs: number): readonly Interval[] {
  if (domain === undefined) return Array.from({ length: inputs }, (): Interval => [-1, 1]);
  return typeof domain[0] === "number" ? [domain as Interval] : (domain as readonly Interval[]);
}

/** An exact value may be a bound itself, and differ from it by rounding. */
function withinBounds(estimate: Estimate, { lower, upper }: DeathBounds): Estimate {
  if (estimate.standardError > 0) return estimate;
  return exactly(Math.max(lower, Math.min(upper, estimate.value)), estimate.networks);
}

/** The estimates behind a finished state. */
export function deathRecord(state: DeathState, architecture: Architecture, domain: DomainPoints) {
  const { networks, survivors } = state;
  const bounds = deathBounds(architecture, domain);
  // Where death is impossible nothing is estimated: 0 is exact.
  const immortal = bounds.upper === 0 ? exactly(0, networks) : undefined;
  const bornDead = immortal ?? withinBounds(bornDeadEstimate(state), bounds);
  const deadHere = deadHereEstimates(state);
  return {
    ...bornDead,
    // Survivors are simulated where biases are 0: then no point lives exactly where the network is born dead.
    noLivingPoint: survivors ? bornDead : proportion(state.noLivingPoint, networks),
    bounds,
    layers: livingRatioEstimates(state, architecture, domain).map((livingRatio, l) => ({
      layer: l + 1,
      livingRatio,
      deadHere: immortal ?? deadHere[l],
    })),
    domain: { kind: domain.kind, points: domain.inputs.rows },
  };
}
