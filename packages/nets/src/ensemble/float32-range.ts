import { activation, gaussianMoments, type Matrix, NumericalError } from "@sonde/core";
import type { Architecture, Layer } from "../architecture.js";
import { isHomogeneous } from "../homogeneous.js";
import { layerInitialiser } from "../layer-initialiser.js";
import { inferShapes, type Join, type ShapedLayer } from "../shapes.js";

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
  if (isHomogeneous(architecture)) return layerGains(inferShapes(architecture)).every(isComfortable);
  const ends = sizes.length > 0 ? [smallest, largest] : [1];
  const second = secondMoments();
  return ends.every((end) => Number.isFinite(meanSquareAfter(inferShapes(architecture), end * end, second)));
}

/** What each layer multiplies the mean square by, where it is known: powers of two are taken out between layers, not within one. */
function layerGains(layers: readonly ShapedLayer[]): number[] {
  return layers.flatMap(({ layer, weights, branches }) => {
    const law = weights && layerInitialiser(layer).law?.(weights);
    return [...(law ? [law.weightVariance] : []), ...layerGains(branches.flat())];
  });
}

/** Whether a mean square is far from the ends of float32; what is 0 stays 0, whatever the precision. */
function isComfortable(square: number): boolean {
  return square === 0 || (square > 4 ** -comfortable && square < 4 ** comfortable);
}

/** E phi(z)^2 for z of a given variance. */
type Second = (name: string, variance: number) => number;

/** NaN where it cannot be found. Deep networks soon repeat themselves, so what was found is kept. */
function secondMoments(): Second {
  const known = new Map<string, number>();
  return (name, variance) => {
    const key = `${name} ${variance}`;
    const found = known.get(key) ?? secondMoment(name, variance);
    known.set(key, found);
    return found;
  };
}

function secondMoment(name: string, variance: number): number {
  try {
    return gaussianMoments(activation(name), variance).second;
  } catch (error) {
    if (error instanceof NumericalError) return Number.NaN;
    throw error;
  }
}

/** The mean square after these layers at infinite width; NaN once it has left the comfortable range. */
function meanSquareAfter(layers: readonly ShapedLayer[], start: number, second: Second): number {
  let square = start;
  for (const { layer, weights, branches, join } of layers) {
    const law = weights && layerInitialiser(layer).law?.(weights);
    if (law) square = law.weightVariance * square + law.biasVariance;
    else if (layer.kind === "activation") square = second(layer.activation, square);
    else if (layer.kind === "norm") square = scaledNorm(layer);
    else if (join)
      square = joinedSquare(
        join,
        branches.map((branch) => meanSquareAfter(branch, square, second)),
      );
    if (!isComfortable(square)) return Number.NaN;
  }
  return square;
}

/** The mean square behind a norm with its scale and shift. */
function scaledNorm({ gamma = 1, beta = 0 }: Layer & { kind: "norm" }): number {
  return gamma * gamma + beta * beta;
}

function joinedSquare(join: Join, squares: readonly number[]): number {
  if (join.kind === "concat") return squares.reduce((most, square) => Math.max(most, square), 0);
  return squares.reduce((sum, square, k) => sum + join.factors[k] * join.factors[k] * square, 0);
}

/** The largest magnitude in every row. */
function rowSizes({ rows, cols, data }: Matrix): number[] {
  return Array.from({ length: rows }, (_, p) => {
    let size = 0;
    for (let k = p * cols; k < (p + 1) * cols; k++) size = Math.max(size, Math.abs(data[k]));
    return size;
  });
}
