import { type Architecture, estimateOver, hiddenLayers } from "@sonde/nets";
import { boundsByWidths } from "../bounds/death-bounds.js";
import { chosenDomain, type DeathProbabilityOptions, deathRequest, ensembleInputs } from "../death-probability.js";
import { deadThroughEstimates } from "../estimates.js";
import type { DeathState } from "../metric.js";
import { type Alive, aliveOf } from "./alive.js";

/** P(alive) of a network that ends with this hidden layer. */
export interface AliveAtDepth extends Alive {
  readonly hiddenLayers: number;
}

/**
 * P(alive) against depth, between its bounds: the simulation of Rister and Rubin. One ensemble of the whole architecture tells all depths, since a network's first layers are a shallower network.
 *
 * At fixed width the gap to the single-point bound vanishes with depth, but not the ratio: P(alive) / bound stays about 1.60, 1.40, 1.27 for one input in [-1, 1] and widths 2, 3, 4.
 *
 * @throws ConfigError, ShapeError or DomainError for a request that makes no sense
 * @see Rister and Rubin, arXiv 2007.06192
 *
 * @example
 * const rows = await aliveByDepth(mlp("1-2x20-1"), { networks: 2000 });
 * rows.every(({ lower, alive, upper }) => lower <= alive.high && alive.low <= upper) // true
 */
export async function aliveByDepth(architecture: Architecture, options: DeathProbabilityOptions = {}): Promise<AliveAtDepth[]> {
  const domain = chosenDomain(architecture, options);
  const { states } = await estimateOver(architecture, ensembleInputs(domain), [deathRequest(domain)], options);
  const bounds = boundsByWidths(architecture, domain);
  const widths = hiddenLayers(architecture).map(({ units }) => units);
  return deadThroughEstimates(states[0] as DeathState).map((bornDead, l) => ({
    hiddenLayers: l + 1,
    ...aliveOf(bornDead, bounds(widths.slice(0, l + 1))),
  }));
}
