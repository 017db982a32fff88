import { activation, DomainError, gaussianMoments, SondeError } from "@sonde/core";
import { type Architecture, inferShapes, layerInitialiser, type ShapedLayer, size } from "@sonde/nets";
import { slopeMoments } from "./slope-moments.js";
import { initialSpread, type Spread, throughIndependent, throughOrthogonal, throughSlopes } from "./spread.js";
import { weightLaw } from "./weight-law.js";

export interface PredictVniOptions {
  /** Mean square of the inputs' values, |x|^2 / d, from 0. Default 1, as for standard normal inputs; it does not matter where the network is positively homogeneous. */
  readonly meanSquare?: number;
}

/** The predicted local VNI of one hidden layer. */
export interface PredictedVni {
  /** Counted from 1. */
  readonly layer: number;
  /** The published formula, first order in depth / width: the same as a few percent where below 0.35, void above 1. */
  readonly formula: number;
  /** The same of the pre-activations of this layer, as for `annealed`. */
  readonly preFormula: number;
  /** The ratio of the expectations of numerator and denominator, carried through at finite width: in (0, 1] at any depth, and the same to the first order. */
  readonly annealed: number;
  readonly preAnnealed: number;
  /** Variance q of the pre-activations at infinite width. */
  readonly variance: number;
}

export interface VniPrediction {
  /** From layer 1 on, as far as there is a formula. */
  readonly layers: readonly PredictedVni[];
  /** Why there is none for further layers. */
  readonly reason?: string;
  /** The first layer whose formula is beyond 0.35. */
  readonly beyond?: number;
}

/** The formula is within a few percent of the measured local VNI below this. */
export const formulaDomain = 0.35;

/**
 * The local VNI ||J J^T||_F^2 / (tr J J^T)^2 of the Jacobian at one input, predicted layer by layer: with mu_k = E phi'(sqrt(q) z)^(2 k) at the variance q of the pre-activations, which evolves with depth,
 *
 *     R_0 = 1 / inputs,   R += 1 / N (independent weights; orthogonal ones add max(0, 1 / N - 1 / fan-in)),   R += (mu2 / mu1^2 - 1) / N (activation),
 *
 * which is [1 + sum_l (mu2 / mu1^2 - 1 - s1)] / N with s1 = -1 or 0 where all widths are N. For chains of dense layers and activations; biases act through q only. It is **not** what correlating
 * units over a data set gives: that VNI may be anything from a quarter of it to more than it.
 *
 * Throws `DomainError` for a mean square that is negative or not finite.
 *
 * @see Chang and Lin, arXiv 1910.09745
 *
 * @example
 * predictVni(mlp("64-64x5-1")).layers[4].formula // 0.171875
 * predictVni(mlp("64-64x5-1", { activation: "linear" })).layers[4].formula // 0.09375
 */
export function predictVni(architecture: Architecture, { meanSquare = 1 }: PredictVniOptions = {}): VniPrediction {
  if (!(meanSquare >= 0 && meanSquare < Number.POSITIVE_INFINITY))
    throw new DomainError(`a mean square is finite and >= 0, got ${meanSquare}`);
  const inputs = size(architecture.input);
  let state: State = {
    second: meanSquare,
    variance: meanSquare,
    first: 1 / inputs,
    preFirst: 1 / inputs,
    preSquare: 1 / inputs,
    spread: initialSpread(inputs),
  };
  const layers: PredictedVni[] = [];
  let reason: string | undefined;
  for (const shaped of inferShapes(architecture)) {
    const next = through(shaped, state);
    if (typeof next === "string") {
      reason = next;
      break;
    }
    state = next;
    if (shaped.hidden !== undefined)
      layers.push({
        layer: shaped.hidden,
        formula: state.first,
        preFormula: state.preFirst,
        annealed: state.spread.square,
        preAnnealed: state.preSquare,
        variance: state.variance,
      });
  }
  const beyond = layers.find(({ formula }) => formula > formulaDomain)?.layer;
  return { layers, ...(reason !== undefined && { reason }), ...(beyond !== undefined && { beyond }) };
}

interface State {
  /** Mean square of the values that arrive, and of the last pre-activations. */
  readonly second: number;
  readonly variance: number;
  readonly first: number;
  readonly preFirst: number;
  readonly preSquare: number;
  readonly spread: Spread;
}

/** The state after a layer, or why there is none. */
function through({ layer, weights, path, input, output }: ShapedLayer, state: State): State | string {
  switch (layer.kind) {
    case "dense":
    case "embedding": {
      if (!weights) return `${path} has no weights`;
      const { inputs: n, outputs: m } = weights;
      const law = weightLaw(layer, n, m);
      if (!law)
        return `there is no formula for ${path}: its initialisation ${layerInitialiser(layer).name} is neither independent nor orthogonal`;
      const { orthogonal, weightVariance, biasVariance } = law;
      const first = state.first + (orthogonal ? Math.max(0, 1 / m - 1 / n) : 1 / m);
      const spread = orthogonal ? throughOrthogonal(state.spread, n, m) : throughIndependent(state.spread, m);
      const variance = weightVariance * state.second + biasVariance;
      return { second: variance, variance, first, preFirst: first, preSquare: spread.square, spread };
    }
    case "activation": {
      const phi = activation(layer.activation);
      try {
        const slopes = slopeMoments(phi, state.second);
        if (!(slopes.mu1 > 0)) return `the slope of ${phi.name} (${path}) is 0 almost everywhere, so the Jacobian is 0`;
        const excess = slopes.mu2 / (slopes.mu1 * slopes.mu1) - 1;
        const { second } = gaussianMoments(phi, state.second);
        if (!(second < Number.POSITIVE_INFINITY)) return `the values after ${path} overflow float64`;
        const first = state.first + excess / output[output.length - 1];
        return { ...state, second, first, spread: throughSlopes(state.spread, slopes) };
      } catch (error) {
        if (error instanceof SondeError) return `${path}: ${error.message}`;
        throw error;
      }
    }
    default:
      // A vector is flat already.
      if (layer.kind === "flatten" && input.length === 1) return state;
      return `there is no formula for ${path}, a ${layer.kind} layer: only for chains of dense layers and activations`;
  }
}
