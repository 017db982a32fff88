import { dot, type Matrix, magnitude, matrix, multiplyByTransposed, NumericalError, ShapeError } from "@sonde/core";
import { exp2 } from "@sonde/core/math";
import { gradient, inferShapes, type LayerGradient, type Network, outputSize, type ShapedLayer } from "@sonde/nets";

/** A kernel between points: the true values are those of `kernel` times 2^exponent. */
export interface TangentKernel {
  /** `[points, points]`, symmetric, its largest entry between 1/2 and 2, or all 0. */
  readonly kernel: Matrix<Float64Array>;
  readonly exponent: number;
}

/**
 * The tangent kernel of a network for a combination of its outputs: the inner products of the derivatives by all weights and biases,
 *
 *     Theta(x, x') = sum over parameters of d(c . f(x))/dp d(c . f(x'))/dp
 *
 * `[points, inputs]`, `[outputs] -> [points, points]`. Each dense layer adds (h . h' + 1) delta . delta' for the values h that it is given and the derivatives delta by what it gives, so one pass back is enough; convolutions and layers
 * at several positions take a pass for each point. Batch norm has its statistics as constants; scales and shifts of norms are left out, as are the biases of embeddings.
 *
 * @throws ShapeError where the combination does not have a factor for each output, or the points do not fit; NumericalError where values leave float64
 *
 * @see Jacot, Gabriel, Hongler 2018 (arXiv 1806.07572)
 *
 * @example
 * // x x' + 1 for the inputs 1 and 2, over 4
 * const network = randomNetwork(mlp("1-1"), stream(0));
 * tangentKernel(network, matrixFromRows([[1], [2]]), [1]) // { kernel: { rows: 2, cols: 2, data: [0.5, 0.75, 0.75, 1.25] }, exponent: 2 }
 */
export function tangentKernel(network: Network, points: Matrix, combination: ArrayLike<number>): TangentKernel {
  const layers = inferShapes(network.architecture);
  const outputs = outputSize(network.architecture);
  if (combination.length !== outputs)
    throw new ShapeError(`a combination of ${outputs} outputs has as many factors, got ${combination.length}`);
  const weighted = weightedLayers(layers);
  const from = weighted.some(({ positions }) => positions) ? byPoint : byLayer;
  return sumOf(from(network, points, combination, weighted), points.rows);
}

/** A layer with weights, in the order of the parameters. */
interface Weighted {
  readonly path: string;
  /** Embeddings have biases that are not trained. */
  readonly biased: boolean;
  /** Whether it works on more than the units of one position. */
  readonly positions: boolean;
}

function weightedLayers(layers: readonly ShapedLayer[]): Weighted[] {
  return layers.flatMap(({ path, layer, input, weights, branches }) => [
    ...(weights ? [{ path, biased: layer.kind !== "embedding", positions: layer.kind === "conv" || input.length > 1 }] : []),
    ...branches.flatMap(weightedLayers),
  ]);
}

function errorsFor(points: Matrix, combination: ArrayLike<number>, chosen?: number): Matrix<Float64Array> {
  const errors = matrix(points.rows, combination.length);
  for (let p = 0; p < points.rows; p++)
    if (chosen === undefined || chosen === p) errors.data.set(combination, p * combination.length);
  return errors;
}

type Part = TangentKernel;

/** Layer by layer, from one pass back. */
function byLayer(
  network: Network,
  points: Matrix,
  combination: ArrayLike<number>,
  weighted: readonly Weighted[],
): readonly Part[] {
  const parts: Part[] = [];
  const biased = new Set(weighted.flatMap(({ path, biased }) => (biased ? [path] : [])));
  const observe = ({ path, gradients, gradientExponent, given: inputs }: LayerGradient): void => {
    if (!inputs) return;
    const given = multiplyByTransposed(inputs.values, inputs.values);
    const sent = multiplyByTransposed(gradients, gradients);
    const one = biased.has(path) ? exp2(-2 * inputs.exponent) : 0;
    // What is added for the bias may be far larger than what the weights do, or far smaller.
    const scale = Number.isFinite(one) ? one : 0;
    parts.push({
      kernel: matrix(
        points.rows,
        points.rows,
        sent.data.map((value, k) => value * (given.data[k] + scale)),
      ),
      exponent: 2 * (inputs.exponent + gradientExponent),
    });
    if (scale !== one) parts.push({ kernel: sent, exponent: 2 * gradientExponent });
  };
  gradient(network, points, errorsFor(points, combination), { observe, batchNorm: "frozen", byParameters: false });
  return parts;
}

/** From the whole derivative for each point. */
function byPoint(
  network: Network,
  points: Matrix,
  combination: ArrayLike<number>,
  weighted: readonly Weighted[],
): readonly Part[] {
  const rows = Array.from({ length: points.rows }, (_, p) => {
    const { parameters } = gradient(network, points, errorsFor(points, combination, p), { batchNorm: "frozen" });
    return parameters.flatMap(({ weights, bias }, k) => (weighted[k].biased ? [weights.data, bias] : [weights.data]));
  });
  const kernel = matrix(points.rows, points.rows);
  rows.forEach((own, p) => {
    for (let q = 0; q <= p; q++) {
      const sum = own.reduce((total, values, part) => total + dot(values, rows[q][part]), 0);
      kernel.data[p * points.rows + q] = sum;
      kernel.data[q * points.rows + p] = sum;
    }
  });
  return [{ kernel, exponent: 0 }];
}

/** The sum of parts whose scales may lie far apart. */
function sumOf(parts: readonly Part[], points: number): TangentKernel {
  const total = matrix(points, points);
  const sized = parts.flatMap(({ kernel, exponent }) => {
    const own = exponentOf(kernel);
    return own === undefined ? [] : [{ kernel, own, exponent: exponent + own }];
  });
  if (sized.length === 0) return { kernel: total, exponent: 0 };
  const most = sized.reduce((largest, { exponent }) => Math.max(largest, exponent), Number.NEGATIVE_INFINITY);
  for (const { kernel, own, exponent } of sized) {
    // In two steps: each factor alone is a power of two that exists.
    const [inward, factor] = [exp2(-own), exp2(Math.max(-1000, exponent - most))];
    for (let k = 0; k < total.data.length; k++) total.data[k] += kernel.data[k] * inward * factor;
  }
  const grown = exponentOf(total) ?? 0;
  const shrink = exp2(-grown);
  for (let k = 0; k < total.data.length; k++) total.data[k] *= shrink;
  return { kernel: total, exponent: most + grown };
}

/** The whole power of two near the largest entry; `undefined` of zeros. */
function exponentOf({ data }: Matrix): number | undefined {
  const exponent = magnitude(data);
  if (Number.isNaN(exponent)) throw new NumericalError("a tangent kernel has values beyond float64: scale the weights");
  return exponent === Number.NEGATIVE_INFINITY ? undefined : exponent;
}
