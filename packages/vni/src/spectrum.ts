import { type Activations, type Matrix, matrix, ShapeError, symmetricEigenvalues } from "@sonde/core";
import { exp, log } from "@sonde/core/math";
import { gramMatrix } from "./gram/gram-matrix.js";
import { layerActivations, type PositionOptions } from "./layer-activations.js";
import { type LayerStatistics, layerStatistics } from "./layer-statistics.js";

export interface SpectrumOptions extends PositionOptions {
  /** Subtract every unit's mean. Default true. */
  readonly centred?: boolean;
}

/** The spectrum of a layer's covariance and what is read off it. All sizes are in [1, rank], and NaN of a layer in which nothing varies. */
export interface Spectrum {
  /** Eigenvalues of the covariance X^T X / (M - 1) (uncentred: / M), descending; as many as there are units or points, whichever are fewer. */
  readonly eigenvalues: Float64Array;
  /** How many eigenvalues exceed 1e-10 (of float32 activations 1e-5) of the largest. */
  readonly rank: number;
  /** exp of the entropy of p_k = lambda_k / sum lambda. */
  readonly effectiveRank: number;
  /** RankMe: exp of the entropy of p_k = sigma_k / sum sigma, with the singular values sigma_k = sqrt(lambda_k). */
  readonly rankMe: number;
  /** sum lambda / largest lambda = ||X||_F^2 / ||X||_2^2. */
  readonly stableRank: number;
  /** (sum lambda)^2 / sum lambda^2 = 1 / weighted VNI, with the sampling bias that `measureUnits` removes. */
  readonly participationRatio: number;
  readonly points: number;
  readonly units: number;
}

/** Sides of the matrix up to which its eigenvalues are found in some seconds. */
const mostSide = 4096;

/**
 * Eigenvalues of the units' covariance, and the measures of dimension that people know, under the conventions of the VNI: centred by default, post- or pre-activation as given, positions as `positions` says. The smaller of the two
 * matrices of products is decomposed, in float64.
 *
 * None of these has its sampling bias removed: with M points the rank is at most M - 1.
 *
 * Throws `NumericalError` for NaN or infinite activations, `ShapeError` where both points and units are more than 4096.
 *
 * @see Roy and Vetterli 2007 (effective rank); Garrido et al. 2023 (RankMe, there uncentred); Vershynin 2018 (stable rank)
 *
 * @example
 * const { participationRatio, stableRank, rank } = spectrum([[1, 0], [0, 1], [-1, 0], [0, -1]]);
 * [participationRatio, stableRank, rank] // [2, 2, 2]
 */
export function spectrum(activations: Activations, options: SpectrumOptions = {}): Spectrum {
  const { centred = true } = options;
  const values = layerActivations(activations, options);
  const side = Math.min(values.rows, values.cols);
  if (side > mostSide)
    throw new ShapeError(
      `the spectrum of ${values.rows} points and ${values.cols} units needs a matrix of side ${side}, at most ${mostSide} is possible: take fewer points`,
    );
  const statistics = layerStatistics(values, { centred, constants: "kept" });
  const shares = eigenvalueShares(values, statistics);
  const total = (statistics.square / Math.max(1, values.rows - (centred ? 1 : 0))) * statistics.scale * statistics.scale;
  return {
    ...readOff(shares, values.data instanceof Float32Array ? 1e-5 : 1e-10, total),
    points: values.rows,
    units: values.cols,
  };
}

/** The eigenvalues over their sum, descending; all 0 where nothing varies. */
function eigenvalueShares(values: Matrix, statistics: LayerStatistics): Float64Array {
  const side = Math.min(values.rows, values.cols);
  if (statistics.square === 0) return new Float64Array(side);
  const gram = gramMatrix(values, statistics);
  // Rounding makes some of the zeros negative.
  return symmetricEigenvalues(matrix(side, side, gram)).map((value) => Math.max(0, value));
}

function readOff(shares: Float64Array, resolution: number, total: number): Omit<Spectrum, "points" | "units"> {
  const eigenvalues = shares.map((share) => share * total);
  const [largest] = shares;
  if (!(largest > 0)) {
    const none = { effectiveRank: Number.NaN, rankMe: Number.NaN, stableRank: Number.NaN, participationRatio: Number.NaN };
    return { eigenvalues, rank: 0, ...none };
  }
  const sum = shares.reduce((all, share) => all + share, 0);
  const squares = shares.reduce((all, share) => all + share * share, 0);
  return {
    eigenvalues,
    rank: shares.filter((share) => share > resolution * largest).length,
    effectiveRank: perplexity(shares),
    rankMe: perplexity(shares.map((share) => (share > 0 ? Math.sqrt(share) : 0))),
    stableRank: sum / largest,
    participationRatio: (sum * sum) / squares,
  };
}

/** exp of the entropy of weights over their sum. */
function perplexity(weights: Float64Array): number {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const entropy = weights.reduce((all, weight) => all - (weight > 0 ? (weight / sum) * log(weight / sum) : 0), 0);
  return exp(entropy);
}
