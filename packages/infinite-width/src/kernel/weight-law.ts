import { ConfigError } from "@sonde/core";
import { fanIn, initialiser, type LayerShape, parseBias } from "@sonde/init";
import type { Layer, LayerInit } from "@sonde/nets";

/** What infinite width keeps of an initialisation. */
export interface WeightLaw {
  /** sigma_w^2: variance of a weight times its fan-in. */
  readonly weightVariance: number;
  /** sigma_b^2. */
  readonly biasVariance: number;
}

/**
 * The variances of a layer's weights and biases. Any independent law has the limit of the normal one; so have orthogonal weights (squared gain times
 * min(1, fan_in / outputs)), with the description's own fan-in and outputs where a variance depends on them.
 *
 * Throws `ConfigError` for initialisers without such a limit.
 */
export function weightLaw(layer: Layer, shape: LayerShape, path: string): WeightLaw {
  if (layer.kind === "embedding") return { weightVariance: 1, biasVariance: 0 };
  const { init = "he-normal", weightVariance, bias = "zeros" } = layer as LayerInit;
  const reason = refusals.find(([name]) => init.startsWith(name))?.[1];
  if (reason !== undefined)
    throw new ConfigError(`${path} has no infinite-width form: ${reason}: choose he-normal or another independent initialiser`);
  if (init === "orthogonal") {
    const inputs = fanIn(shape);
    const gain = (weightVariance ?? 1) * Math.min(1, inputs / shape.outputs);
    return { weightVariance: gain, biasVariance: biasVariance(bias, gain / inputs) };
  }
  // The truncated normal states no law of its own, but has the variance of its untruncated namesake.
  const namesake = initialiser({
    ...layerInit(layer as LayerInit),
    init: init.replace("truncated-normal", "normal"),
    bias: undefined,
  });
  if (weightVariance === 0)
    throw new ConfigError(`${path} has no infinite-width form: all its weights are 0: choose a weight variance above 0`);
  const law = namesake.law?.(shape);
  if (!law) throw new ConfigError(`${path} has no infinite-width form: the weights of ${init} are not independent`);
  if (init === "pytorch" || init === "keras") return law;
  return { weightVariance: law.weightVariance, biasVariance: biasVariance(bias, law.weightVariance / fanIn(shape)) };
}

const refusals: readonly (readonly [string, string])[] = [
  ["rai", "rai gives every unit one large positive weight or bias, which stays large at any width"],
  ["lsuv", "lsuv scales the weights by the data"],
  ["sign-flip", "sign flips choose the signs of weights by the data"],
  ["zeros", "all its weights are 0"],
  ["ones", "all its weights are equal, so that its units are copies of one another"],
  ["constant", "all its weights are equal, so that its units are copies of one another"],
  ["delta-orthogonal", "delta-orthogonal kernels act on the middle position alone, which is not supported"],
];

function layerInit({ init, weightVariance, bias }: LayerInit): LayerInit {
  return { init, weightVariance, bias };
}

function biasVariance(text: string, ofWeight: number): number {
  const bias = parseBias(text);
  switch (bias.kind) {
    case "zeros":
      return 0;
    case "like-weights":
      return ofWeight;
    case "normal":
      return bias.variance;
    case "uniform":
      return (bias.radius * bias.radius) / 3;
  }
}
