import { DomainError, type Matrix, matrix, row } from "@sonde/core";
import { weightLaw } from "@sonde/infinite-width";
import type { LayerParameters } from "@sonde/init";
import { type Architecture, gradient, inferShapes, networkStream, randomNetwork, type ShapedLayer, size } from "@sonde/nets";
import { addPairs, pairEstimates, pairSums } from "./pair-sums.js";

export interface MeasureTangentKernelOptions {
  /** Default 16. */
  readonly networks?: number;
  /** A whole number from 0. Default 0. */
  readonly seed?: number;
}

/** The tangent kernel between points, with the standard error of every entry. */
export interface MeasuredTangentKernel {
  readonly ntk: Matrix<Float64Array>;
  readonly standardError: Matrix<Float64Array>;
  readonly networks: number;
}

/**
 * Measures the neural tangent kernel of networks of finite width at their first output, in NTK parameterisation: the sum over layers of
 * sigma_w^2 / fan_in <dW f(x), dW f(x')> + sigma_b^2 <db f(x), db f(x')>, averaged over random networks.
 *
 * `[points, size of input] -> [points, points]`. By plain reverse mode in float64, a point at a time: meant for few points and small networks.
 *
 * @throws ConfigError, ShapeError or DomainError for a request that makes no sense, or a layer without an infinite-width form
 *
 * @example
 * const { ntk } = measureTangentKernel(mlp("2-64-1"), matrixFromRows([[1, 0]]), { networks: 100 });
 * ntk.data[0] // 2...
 */
export function measureTangentKernel(
  architecture: Architecture,
  inputs: Matrix<Float64Array>,
  { networks = 16, seed = 0 }: MeasureTangentKernelOptions = {},
): MeasuredTangentKernel {
  if (!(Number.isInteger(networks) && networks >= 1))
    throw new DomainError(`networks are a whole number from 1, got ${networks}`);
  const layers = inferShapes(architecture);
  const scales = parameterScales(layers);
  const outputs = size(layers.at(-1)?.output ?? architecture.input);
  const direction = matrix(1, outputs);
  direction.data[0] = 1;
  const sums = pairSums(inputs.rows);
  const products = new Float64Array(sums.means.length);
  for (let n = 0; n < networks; n++) {
    const network = randomNetwork(architecture, networkStream(seed, n), { inputs });
    const gradients = Array.from(
      { length: inputs.rows },
      (_, i) => gradient(network, matrix(1, inputs.cols, row(inputs, i)), direction).parameters,
    );
    for (let i = 0, k = 0; i < inputs.rows; i++)
      for (let j = 0; j <= i; j++, k++)
        products[k] = scales.reduce((sum, scale, p) => sum + inner(scale, gradients[i][p], gradients[j][p]), 0);
    addPairs(sums, products);
  }
  const { mean, standardError } = pairEstimates(sums, inputs.rows);
  return { ntk: mean, standardError, networks };
}

/** The variance of a weight and of a bias. */
interface Scale {
  readonly weights: number;
  readonly bias: number;
}

function parameterScales(layers: readonly ShapedLayer[]): Scale[] {
  return layers.flatMap(({ layer, weights, path, branches }) => {
    if (!weights) return branches.flatMap(parameterScales);
    const { weightVariance, biasVariance } = weightLaw(layer, weights, path);
    return [{ weights: weightVariance / (size(weights.kernel) * weights.inputs), bias: biasVariance }];
  });
}

function inner(scale: Scale, a: LayerParameters, b: LayerParameters): number {
  const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, k) => sum + value * y[k], 0);
  return scale.weights * dot(a.weights.data, b.weights.data) + (scale.bias === 0 ? 0 : scale.bias * dot(a.bias, b.bias));
}
