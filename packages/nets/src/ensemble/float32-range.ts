import type { Matrix } from "@sonde/core";
import type { Architecture } from "../architecture.js";
import { isHomogeneous } from "../homogeneous.js";
import { layerInitialiser } from "../layer-initialiser.js";
import { inferShapes } from "../shapes.js";

/** Powers of two that values may grow or shrink by before float32 (2^-126 to 2^127) is given up for float64. */
const comfortable = 60;

/**
 * Whether the values of these inputs stay within float32 on their way through a chain of dense layers: the points' own range, and where powers of two cannot be
 * taken out on the way (bias, activations that are not homogeneous) the growth by the layers' variances too.
 */
export function fitsFloat32(architecture: Architecture, inputs: Matrix): boolean {
  const sizes = rowSizes(inputs).filter((size) => size > 0);
  const [smallest, largest] = [sizes.reduce((a, b) => Math.min(a, b), Infinity), sizes.reduce((a, b) => Math.max(a, b), 0)];
  if (sizes.length > 0 && !(largest / smallest < 2 ** comfortable)) return false;
  if (isHomogeneous(architecture)) return true;
  let [low, high] = sizes.length > 0 ? [smallest, largest] : [1, 1];
  for (const { layer, weights } of inferShapes(architecture)) {
    const law = weights && layerInitialiser(layer).law?.(weights);
    if (!law) continue;
    low *= Math.min(1, Math.sqrt(law.weightVariance));
    high = high * Math.max(1, Math.sqrt(law.weightVariance)) + Math.sqrt(law.biasVariance);
  }
  return low > 2 ** -comfortable && high < 2 ** comfortable;
}

/** The largest magnitude in every row. */
function rowSizes({ rows, cols, data }: Matrix): number[] {
  return Array.from({ length: rows }, (_, p) => {
    let size = 0;
    for (let k = p * cols; k < (p + 1) * cols; k++) size = Math.max(size, Math.abs(data[k]));
    return size;
  });
}
