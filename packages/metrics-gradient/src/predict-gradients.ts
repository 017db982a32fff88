import { type Matrix, ShapeError } from "@sonde/core";
import { log } from "@sonde/core/math";
import { type Architecture, inferShapes, type ShapedLayer } from "@sonde/nets";
import type { GradientLevel, PredictedGradients } from "./gradients-record.js";
import { atEnd, type Gradient, type Law, lawOf, type Signal } from "./layer-laws.js";
import { logMean, logSum } from "./log-sums.js";
import { gradientPlaces } from "./places.js";
import { type ByClass, pointClasses } from "./point-classes.js";
import { backwardSlope } from "./slope.js";

/**
 * The expected mean square of the gradients of random networks, layer by layer, as `measureGradients` measures them: from the variance map forward and, for each layer on the way back,
 *
 *     E g^2 at its input = sigma_w^2 (outputs / inputs) E g^2 at its output       for weights of variance sigma_w^2 / inputs,
 *     E g^2 at its input = E phi'(z)^2 E g^2 at its output,   z ~ N(0, q)         for an activation (times the above: chi_1),
 *     E (dL/dW)^2 = points * mean over points of (mean square of the layer's input) * E g^2 at its output,
 *
 * a residual block adding what comes through its branches, times the squares of their factors, layer and RMS norm dividing by the variance. Exact for plain ReLU networks without bias as long as no layer is dead (2^-width a layer), otherwise up to shares of depth / width.
 * Batch norm, and layers with positions (convolutions, pooling), have no such formula: what cannot be known is absent, with a `reason`.
 *
 * @throws ShapeError without points
 * @see Poole et al. 2016 (arXiv 1606.05340); Schoenholz et al. 2017 (arXiv 1611.01232)
 *
 * @example
 * const points = matrixFromRows([[1, 0], [0, 1]]);
 * predictGradients(mlp("2-32x8-1", { weightVariance: 1 }), points).growth.value // -0.69314718...
 */
export function predictGradients(architecture: Architecture, inputs: Matrix): PredictedGradients {
  if (inputs.rows === 0) throw new ShapeError("gradients need at least one point, got none: give one row or more");
  const { squares, shares } = pointClasses(inputs);
  const reasons: string[] = [];
  const laws = new Map<string, Law>();

  const forward = (layers: readonly ShapedLayer[], start: Signal): Signal =>
    layers.reduce((signal, shaped) => {
      const ends = shaped.branches.map((branch) => forward(branch, signal));
      const law = lawOf(shaped, signal, ends);
      if (law.reason !== undefined) reasons.push(law.reason);
      laws.set(shaped.path, law);
      return law.output;
    }, start);

  const levels = new Map<string, ByClass>();
  const weights = new Map<string, number>();
  const backward = (layers: readonly ShapedLayer[], start: Gradient): Gradient | undefined =>
    layers.reduceRight<Gradient | undefined>((gradient, shaped) => {
      const law = laws.get(shaped.path);
      if (!gradient || !law) return undefined;
      levels.set(shaped.path, gradient.squares);
      if (law.inputSquares) {
        const products = law.inputSquares.map((square, c) => square + gradient.squares[c]);
        weights.set(shaped.path, log(inputs.rows) + logMean(products, shares));
      }
      const { join, branches } = shaped;
      if (!join) return law.back?.(gradient);
      const through = branches.map((branch, k) => backward(branch, atEnd(join, k, gradient)));
      return through.includes(undefined) ? undefined : law.back?.(gradient, through as readonly Gradient[]);
    }, start);

  const layers = inferShapes(architecture);
  forward(layers, { squares, normal: false });
  const start = backward(layers, { squares: squares.map(() => 0), along: squares.map(() => 1) });
  if (start) levels.set("input", start.squares);
  return { ...record(architecture, levels, weights, shares), ...(reasons.length > 0 && { reason: reasons[reasons.length - 1] }) };
}

function record(
  architecture: Architecture,
  levels: ReadonlyMap<string, ByClass>,
  weights: ReadonlyMap<string, number>,
  shares: ByClass,
): PredictedGradients {
  const places = gradientPlaces(architecture);
  const known = (value: number | undefined): GradientLevel =>
    value === undefined || value === Number.NEGATIVE_INFINITY ? {} : { expected: { value, standardError: 0 } };
  const at = (path: string): GradientLevel => {
    const level = levels.get(path);
    return known(level && logMean(level, shares));
  };
  const ofWeights = (behind: (typeof places)["outputWeights"]): GradientLevel => {
    const parts = behind.map(({ path, count }) => ({ level: weights.get(path), count }));
    if (parts.some(({ level }) => level === undefined)) return {};
    const total = parts.reduce((sum, { count }) => sum + count, 0);
    return known(parts.map(({ level = 0, count }) => level + log(count / total)).reduce(logSum));
  };
  const layers = places.layers.map(({ activations, preActivations, weights: own }, l) => ({
    layer: l + 1,
    activations: at(activations),
    ...(preActivations !== undefined && { preActivations: at(preActivations) }),
    ...(own.length > 0 && { weights: ofWeights(own) }),
  }));
  const all = layers.flatMap(({ activations: { expected } }) => (expected ? [expected.value] : []));
  const complete = all.length === layers.length && all.length > 1;
  const exact = (value: number) => ({ value, standardError: 0 });
  return {
    layers,
    inputs: at("input"),
    ...(places.outputWeights.length > 0 && { outputWeights: ofWeights(places.outputWeights) }),
    ...(complete && { growth: exact(backwardSlope(all)), firstOverLast: exact(all[0] - all[all.length - 1]) }),
  };
}
