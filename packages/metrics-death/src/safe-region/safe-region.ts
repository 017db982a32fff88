import { ConfigError, DomainError, type Estimate } from "@sonde/core";
import {
  type Architecture,
  drawnBy,
  type EnsembleRun,
  type EstimationOptions,
  type MetricRequest,
  planEstimate,
  runEstimate,
} from "@sonde/nets";
import { boundsByWidths } from "../bounds/death-bounds.js";
import { checkWidths } from "../bounds/widths.js";
import { chosenDomain, type DeathProbabilityOptions, deathRequest, ensembleInputs } from "../death-probability.js";
import { deadThroughEstimates, exactly } from "../estimates.js";
import type { DeathState } from "../metric.js";
import { estimatedSafeDepth, guaranteedSafeDepth } from "./contour.js";
import type { SafeRegion, SafeRegionRow } from "./record.js";
import { resized } from "./resized.js";

export interface SafeRegionOptions extends DeathProbabilityOptions {
  /** Units of every hidden layer. Default 2 to 20. */
  readonly widths?: readonly number[];
  /** Numbers of hidden layers (of residual units, where the architecture has them). Default 1 to 200. */
  readonly depths?: readonly number[];
  /** Accepted probabilities, each in (0, 1), of which contours are drawn. Default 0.01 and 0.1. */
  readonly levels?: readonly number[];
  /** Called with how many of the widths are finished. */
  readonly widthsDone?: (widths: number, all: number) => void;
}

/** Standard errors of all probabilities that are averaged from exact conditional ones, as a share of them, where nothing else is asked for; less near the levels. */
const relativeError = 0.025;

/** Networks drawn for that at most. */
const mostNetworks = 1e6;

/**
 * P(born dead) over width x depth, by proven bounds and by estimates, and the largest safe depth of every width at the given levels. The architecture says everything but width and depth: its
 * hidden layers must be alike.
 *
 * The networks of one width are drawn once, as deep as the deepest, and tell all depths: a network's first layers are a shallower network. Without `networks` and `relativeError`, probabilities that are averaged
 * from exact conditional ones (normal weights, zero bias, up to three rays) come with a standard error of at most 2.5 % of each, 1 % near the levels; counts come from as many networks as the budget allows.
 *
 * @throws ConfigError, ShapeError or DomainError for a request that makes no sense
 *
 * @example
 * const { contours } = await safeRegion(mlp("1-2-1"), { widths: [4, 5], depths: [1, 2, 3, 4, 5, 6, 7, 8] });
 * contours[1].estimated.map(({ hiddenLayers }) => hiddenLayers) // [4, 7]
 */
export async function safeRegion(architecture: Architecture, options: SafeRegionOptions = {}): Promise<SafeRegion> {
  const widths = ascending(options.widths ?? range(2, 20));
  const depths = ascending(options.depths ?? range(1, 200));
  const { levels = [0.01, 0.1] } = options;
  for (const level of levels)
    if (!(level > 0 && level < 1)) throw new DomainError(`a level lies strictly between 0 and 1, got ${level}`);
  const rows: SafeRegionRow[] = [];
  let theorem = "";
  let interrupted = false;
  for (const width of widths) {
    const row = await regionRow(architecture, width, depths, { ...options, levels }).catch((error) => {
      if (rows.length > 0 && options.signal?.aborted && error === options.signal.reason) return undefined;
      throw error;
    });
    interrupted = row?.interrupted ?? true;
    if (row) {
      rows.push(row.row);
      theorem = row.theorem;
      options.widthsDone?.(rows.length, widths.length);
    }
    if (interrupted) break;
  }
  const contours = levels.map((level) => ({
    level,
    estimated: rows.map((row) => estimatedSafeDepth(depths, row, level)),
    guaranteed: rows.map((row) => guaranteedSafeDepth(depths, row, level)),
  }));
  return { widths: rows.map(({ width }) => width), depths, rows, contours, theorem, interrupted };
}

async function regionRow(
  template: Architecture,
  width: number,
  depths: readonly number[],
  { levels, ...options }: SafeRegionOptions & { readonly levels: readonly number[] },
): Promise<{ row: SafeRegionRow; theorem: string; interrupted: boolean }> {
  const deepest = depths[depths.length - 1];
  const architecture = resized(template, width, deepest);
  const domain = chosenDomain(architecture, options);
  const requests = [worstOf(deathRequest(domain), depths, levels)];
  const plan = (run: EstimationOptions) => planEstimate(architecture, ensembleInputs(domain), requests, run);
  const own = options.networks !== undefined || options.relativeError !== undefined;
  const precise = { ...options, relativeError, networks: mostNetworks };
  const chosen = own || plan(options).executor !== "survivors" ? options : precise;
  const planned = plan(chosen);
  const { states, interrupted }: EnsembleRun = await runEstimate(planned, requests, chosen);
  const state = states[0] as DeathState;
  const through = deadThroughEstimates(state);
  const bounds = boundsByWidths(architecture, domain);
  const bounded = depths.map((depth) => bounds(new Array<number>(depth).fill(width)));
  const bornDead = depths.map((depth, k): Estimate => (bounded[k].upper === 0 ? exactly(0, state.networks) : through[depth - 1]));
  const row: SafeRegionRow = {
    width,
    bornDead,
    lower: bounded.map(({ lower }) => lower),
    upper: bounded.map(({ upper }) => upper),
    method: drawnBy[planned.executor],
  };
  return { row, theorem: bounded[bounded.length - 1].theorem, interrupted };
}

/** How much more precise probabilities within a factor of 3/2 of a level are made, since they decide where its contour runs. */
const sharper = 2.5;

/** The same request, of which the least precise depth decides when enough networks are drawn. Depths at which nothing died yet have to wait for none. */
function worstOf(
  request: MetricRequest<DeathState>,
  depths: readonly number[],
  levels: readonly number[],
): MetricRequest<DeathState> {
  const error = ({ value, standardError }: Pick<Estimate, "value" | "standardError">) => standardError / value;
  const near = (value: number) => levels.some((level) => 2 * value < 3 * level && 2 * level < 3 * value);
  return {
    ...request,
    watched: (state) => {
      const through = deadThroughEstimates(state);
      const seen = depths
        .map((depth) => through[depth - 1])
        .filter(({ value }) => value > 0)
        .map(({ value, standardError }) => ({ value, standardError: near(value) ? sharper * standardError : standardError }));
      return seen.length === 0 ? undefined : seen.reduce((worst, next) => (error(next) > error(worst) ? next : worst));
    },
  };
}

function ascending(sizes: readonly number[]): number[] {
  checkWidths(sizes);
  if (sizes.length === 0) throw new ConfigError("a safe region needs at least one width and one depth, got none");
  return [...new Set(sizes)].sort((a, b) => a - b);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, k) => first + k);
}
