import type { GramJob } from "./job.js";
import { type PairSums, prepareTiles } from "./tile-sums.js";
import { type Tile, tilesOf } from "./tiles.js";

/** Sums over all pairs of units: of squared correlations, and of squared covariances over (their trace)^2. */
export interface SimilaritySums {
  readonly correlations: number;
  readonly covariances: number;
}

/** The sums of a job, on this thread. */
export function similaritySums(job: GramJob): SimilaritySums {
  const tileSums = prepareTiles(job);
  const tiles = tilesOf(job);
  return addUp(job, tiles, tiles.map(tileSums));
}

/** The sums over all tiles, in their order. */
export function addUp({ passes, weights }: GramJob, tiles: readonly Tile[], sums: readonly PairSums[]): SimilaritySums {
  let correlations = 0;
  let covariances = 0;
  sums.forEach(([plain, weighted], t) => {
    if (weights) {
      correlations += plain;
      covariances += weighted;
    } else if (passes[tiles[t].pass].gives === "correlations") correlations += plain;
    else covariances += plain;
  });
  return { correlations, covariances };
}
