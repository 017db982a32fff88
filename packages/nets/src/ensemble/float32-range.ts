import { activation, gaussianMoments, type Matrix } from "@sonde/core";
import type { Architecture } from "../architecture.js";
import { isHomogeneous } from "../homogeneous.js";
import { layerInitialiser } from "../layer-initialiser.js";
import { inferShapes, type ShapedLayer } from "../shapes.js";

/** Powers of two that values may grow or shrink by before float32 (2^-126 to 2^127) is given up for float64. */
const comfortable = 60;

/**
 * Whether the values of these inputs stay within float32 on their way through the layers: the points' own range, and where powers of two cannot be taken out on the
 * way (bias, norm, activations that are not homogeneous) also their typical size in every layer, from the variance map.
 */
export function fitsFloat32(architecture: Architecture, inputs: Matrix): boolean {
  const sizes = rowSizes(inputs).filter((size) => size > 0);
  const smallest = sizes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  if (sizes.length > 0 && !(largest / smallest < 2 ** comfortable)) return false;
  if (isHomogeneous(architecture)) return true;
  const ends = sizes.length > 0 ? [smallest, largest] : [1];
  return ends.every((end) => Number.isFinite(meanSquareAfter(inferShapes(architecture), end * end)));
}

/** The mean square after these layers at infinite width; NaN once it has left the comfortable range. */
function meanSquareAfter(layers: readonly ShapedLayer[], start: number): number {
  let square = start;
  for (const { layer, weights, body } of layers) {
    const law = weights && layerInitialiser(layer).law?.(weights);
    if (law) square = law.weightVariance * square + law.biasVariance;
    else if (layer.kind === "activation") square = gaussianMoments(activation(layer.activation), square).second;
    else if (layer.kind === "norm") square = 1;
    else if (layer.kind === "residual") square += meanSquareAfter(body, square);
    else if (layer.kind === "concat") square = Math.max(square, meanSquareAfter(body, square));
    if (!(square > 4 ** -comfortable && square < 4 ** comfortable)) return Number.NaN;
  }
  return square;
}

/** The largest magnitude in every row. */
function rowSizes({ rows, cols, data }: Matrix): number[] {
  return Array.from({ length: rows }, (_, p) => {
    let size = 0;
    for (let k = p * cols; k < (p + 1) * cols; k++) size = Math.max(size, Math.abs(data[k]));
    return size;
  });
}
