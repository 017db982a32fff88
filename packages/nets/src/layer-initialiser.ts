import { type Initialiser, initialiser } from "@sonde/init";
import type { Layer } from "./architecture.js";

/** The initialiser of a layer with weights; an embedding's weights have variance 1 / inputs, and its bias is zero. */
export function layerInitialiser(layer: Layer): Initialiser {
  if (layer.kind === "embedding") return initialiser({ init: "lecun-normal" });
  return initialiser(layer as Layer & { kind: "dense" | "conv" });
}

/** The gain of a layer with orthogonal weights: the root of its `weightVariance`, 1 by default. */
export function orthogonalGain(layer: Layer): number {
  return Math.sqrt(("weightVariance" in layer && layer.weightVariance) || 1);
}
