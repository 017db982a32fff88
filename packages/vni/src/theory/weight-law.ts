import { initialiser } from "@sonde/init";
import type { Layer, LayerInit } from "@sonde/nets";

/** What the theory needs of a layer's weights and biases. */
export interface WeightLaw {
  /** Variance of a weight times its fan-in; of orthogonal weights the mean one. */
  readonly weightVariance: number;
  readonly biasVariance: number;
  readonly orthogonal: boolean;
}

/** The law of a dense layer from n to m units; `undefined` where the weights are neither independent nor orthogonal. */
export function weightLaw(layer: Layer, n: number, m: number): WeightLaw | undefined {
  if (layer.kind === "embedding") return { weightVariance: 1, biasVariance: 0, orthogonal: false };
  const { init = "he-normal", weightVariance, bias } = layer as LayerInit;
  const orthogonal = init === "orthogonal";
  // Independent laws with the same variances: the truncated normal states none of its own, and the bias may have another distribution than the weights.
  const namesake = orthogonal
    ? { init: "lecun-normal", weightVariance: ((weightVariance ?? 1) * n) / Math.max(n, m), bias }
    : { init: init.replace("truncated-normal", "normal"), weightVariance, bias };
  for (const distribution of ["normal", "uniform"]) {
    const law = initialiser({ ...namesake, init: namesake.init.replace(/-(normal|uniform)$/, `-${distribution}`) }).law?.({
      kernel: [],
      inputs: n,
      outputs: m,
    });
    if (law) return { weightVariance: law.weightVariance, biasVariance: law.biasVariance, orthogonal };
  }
  return undefined;
}
