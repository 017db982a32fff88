import { ConfigError, type Estimate, type Matrix, quantiles, runningEstimate, runningSd } from "@sonde/core";
import { type Architecture, planEstimate, runEstimate } from "@sonde/nets";
import { type MeasureVniOptions, vniInputs, vniRequest } from "./measure-vni.js";
import { observed } from "./pre-activations.js";
import type { VniState } from "./vni-metric.js";

export interface NullOptions extends Omit<MeasureVniOptions, "local" | "data" | "points"> {
  /** The points that the network in question was looked at with, `[points, inputs]`: the null is about the same. */
  readonly data: Matrix<Float64Array>;
}

/** One quantity of one layer over random networks. */
export interface NullValues {
  readonly mean: Estimate;
  readonly sd: number;
  /** The values of all networks in which at least two units vary, ascending. */
  readonly values: Float64Array;
}

export interface NullDistribution {
  /** At index layer - 1. */
  readonly layers: readonly { readonly vni: NullValues; readonly weighted: NullValues }[];
  readonly networks: number;
  readonly points: number;
  readonly interrupted: boolean;
}

/** A network beside random ones. */
export interface NullComparison {
  readonly value: number;
  /** (value - mean) / sd of random networks: how far out of the ordinary, in their own spread. */
  readonly z: number;
  /** The share of random networks with at least this value, (1 + #) / (1 + n): small where the units are more alike than initialisation explains. */
  readonly pValue: number;
  readonly mean: number;
  readonly sd: number;
  /** 2.5 % and 97.5 % of the random networks lie below these. */
  readonly low: number;
  readonly high: number;
  readonly networks: number;
}

/**
 * The VNI of random networks of one architecture on one data set: what a given network's VNI has to be compared with, since it has no reference value of its own.
 *
 * @example
 * const data = matrix(200, 4, normals(stream(0), new Float64Array(800)));
 * const random = await nullDistribution(mlp("4-8x2-1"), { data, networks: 50 });
 * compareWithNull(random, { layer: 2, value: 0.9 }).z > 2 // true
 */
export async function nullDistribution(architecture: Architecture, options: NullOptions): Promise<NullDistribution> {
  const seen = observed(architecture, options.where ?? "post");
  const inputs = vniInputs(seen.architecture, options);
  const request = vniRequest(seen, inputs.rows, { ...options, keep: true });
  const plan = planEstimate(seen.architecture, inputs, [request], options);
  const { states, networks, interrupted } = await runEstimate(plan, [request], options);
  const { layers } = states[0] as VniState;
  return {
    layers: layers.map(({ vni, weighted, kept }) => ({
      vni: { mean: runningEstimate(vni), sd: runningSd(vni), values: Float64Array.from(kept.vni).sort() },
      weighted: { mean: runningEstimate(weighted), sd: runningSd(weighted), values: Float64Array.from(kept.weighted).sort() },
    })),
    networks,
    points: inputs.rows,
    interrupted,
  };
}

/**
 * Where a network's VNI stands among random networks. `quantity` is `vni` (default) or `weighted`.
 *
 * Throws `ConfigError` for a layer that the null does not have, or with fewer than two random networks.
 */
export function compareWithNull(
  random: NullDistribution,
  { layer, value, quantity = "vni" }: { readonly layer: number; readonly value: number; readonly quantity?: "vni" | "weighted" },
): NullComparison {
  const known = random.layers[layer - 1]?.[quantity];
  if (!known) throw new ConfigError(`the null has the layers 1 to ${random.layers.length}, got ${layer}`);
  const { values, sd, mean } = known;
  if (values.length < 2)
    throw new ConfigError(`a null needs at least two random networks whose units vary, got ${values.length}`);
  const atLeast = values.reduce((count, other) => count + (other >= value ? 1 : 0), 0);
  const [low, high] = quantiles(values, [0.025, 0.975]);
  return {
    value,
    z: sd > 0 ? (value - mean.value) / sd : Math.sign(value - mean.value) * Number.POSITIVE_INFINITY,
    pValue: (1 + atLeast) / (1 + values.length),
    mean: mean.value,
    sd,
    low,
    high,
    networks: values.length,
  };
}
