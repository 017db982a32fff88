import type { Activations } from "@sonde/core";
import { averageCosine } from "./average-cosine.js";
import { gramRank } from "./gram-rank.js";
import { type Alignable, alignable, alignment, leastPoints } from "./linear-cka.js";
import type { SimilarityMeasureOptions } from "./measure-similarity.js";
import { recordedPoints } from "./recorded-points.js";

/** How the points lie in one recorded layer; what does not exist is `undefined`. */
export interface RecordedSimilarityLayer {
  /** Counted from 1. */
  readonly layer: number;
  /** The average cosine over all pairs of points that are not zero. */
  readonly averageCosine: number | undefined;
  /** The share of the points that are zero. */
  readonly zeroPoints: number;
  /** The numerical rank of the Gram matrix of the points. */
  readonly gramRank: number;
  /** Linear CKA with the layer before. */
  readonly ckaWithPrevious: number | undefined;
}

/**
 * How a data set lies in recorded activations, layer by layer: average cosine, Gram rank, and linear CKA from layer to layer, of one given network, trained or not, from any framework.
 *
 * Each layer is `[points, units]` or `[points, ...positions, channels]`, positions flattened.
 *
 * @throws ShapeError for layers of different numbers of points, or fewer than 2 (debiased: 4), DomainError for a tolerance outside [0, 1)
 *
 * @example
 * const layers = recordedSimilarity([[[1, 0], [0, 1], [-1, -1]], [[0, 2], [-2, 0], [2, -2]]]);
 * layers[1].gramRank // 2
 * layers[1].ckaWithPrevious // 0.9999999999999...
 */
export function recordedSimilarity(
  activations: readonly Activations[],
  { debiased = false, tolerance }: SimilarityMeasureOptions = {},
): RecordedSimilarityLayer[] {
  const least = leastPoints(debiased);
  const layers = recordedPoints(
    activations,
    least,
    `similarity${debiased ? " without bias" : ""} needs at least ${least} points`,
  );
  let previous: Alignable | undefined;
  return layers.map((values, l) => {
    const cosines = averageCosine(values);
    const current = alignable(values, debiased);
    const layer = {
      layer: l + 1,
      averageCosine: cosines.value,
      zeroPoints: cosines.zeroPoints / values.rows,
      gramRank: gramRank(values, { tolerance }),
      ckaWithPrevious: previous && alignment(previous, current),
    };
    previous = current;
    return layer;
  });
}
