import { activation, type Estimate, proportion, runningEstimate } from "@sonde/core";
import { type Architecture, estimateOver, hiddenLayers } from "@sonde/nets";
import { type DeathProbabilityOptions, deathDomain, ensembleInputs } from "../death-probability.js";
import { type DeadUnitCounts, deadUnitCounts } from "./metric.js";

/** How many units of a layer are dead at initialisation. */
export interface DeadUnitDistribution {
  /** Counted from 1. */
  readonly layer: number;
  /** Units, or channels. */
  readonly units: number;
  /** The mean number of dead units. */
  readonly dead: Estimate;
  /** P(so many units are dead), for every number that was seen, ascending. */
  readonly distribution: readonly { readonly dead: number; readonly probability: Estimate }[];
}

/**
 * The distribution of the number of dead units in each hidden layer of a random network: units that are zero at every point of the data set or domain. All units dead is what `deathProbability` calls a dead layer.
 *
 * Domains become points as in `deathDomain` (rays, grid or sample); networks are counted. `relativeError` is about the last layer's mean number.
 *
 * @throws ConfigError, ShapeError or DomainError for a request that makes no sense
 *
 * @example
 * const [first] = await deadUnitDistribution(mlp("2-4-1"), { data: matrixFromRows([[1, 2]]), networks: 1000 });
 * Math.abs(first.dead.value - 2) < 0.2 // true
 */
export async function deadUnitDistribution(
  architecture: Architecture,
  options: DeathProbabilityOptions = {},
): Promise<DeadUnitDistribution[]> {
  const layers = hiddenLayers(architecture);
  const request = {
    metric: deadUnitCounts,
    options: {
      units: layers.map(({ units }) => units),
      vanishes: layers.map(({ label }) => label === "residual" || label === "concat" || activation(label).vanishes),
    },
    watched: (state: DeadUnitCounts[]) => (state.length > 0 ? runningEstimate(state[state.length - 1].number) : undefined),
  };
  const method = options.method === "conditional" ? "count" : options.method;
  const inputs = ensembleInputs(deathDomain(architecture, options));
  const { states } = await estimateOver(architecture, inputs, [request], { ...options, method });
  return (states[0] as DeadUnitCounts[]).map(({ number, networks }, l) => ({
    layer: l + 1,
    units: layers[l].units,
    dead: runningEstimate(number),
    distribution: Object.entries(networks).map(([dead, count]) => ({
      dead: Number(dead),
      probability: proportion(count, number.count),
    })),
  }));
}
