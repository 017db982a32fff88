import type { GramJob } from "./job.js";

/** Vectors on a side of a tile, for so many in all: larger tiles are copied and packed less often, smaller ones occupy more threads. */
export function tileSide(vectors: number): number {
  return vectors > 2048 ? 1024 : vectors > 1024 ? 512 : 256;
}

/** A tile of the matrix of products: these vectors with those, `column >= row`, in the given pass. */
export interface Tile {
  readonly pass: number;
  readonly row: number;
  readonly column: number;
}

/** The tiles on and above the diagonal, in the order in which their sums are added: the same for any number of threads. */
export function tilesOf({ points, units, vectors, passes }: GramJob): Tile[] {
  const count = vectors === "units" ? units : points;
  const side = Math.ceil(count / tileSide(count));
  const tiles: Tile[] = [];
  for (let pass = 0; pass < passes.length; pass++)
    for (let row = 0; row < side; row++) for (let column = row; column < side; column++) tiles.push({ pass, row, column });
  return tiles;
}
