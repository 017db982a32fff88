import type { Matrix } from "@sonde/core";
import type { GramJob } from "./job.js";
import { eachProduct, prepareProducts } from "./tile-sums.js";
import { tilesOf } from "./tiles.js";

/** out `[units, units]` += the products of units, relative to `origin`, summed over the points of a batch: the upper triangle, in float64. */
export function addProducts({ rows, cols, data }: Matrix, origin: Float64Array, out: Float64Array): void {
  const job: GramJob = {
    data,
    points: rows,
    units: cols,
    precision: "float64",
    vectors: "units",
    shifts: origin,
    passes: [{ factors: new Float64Array(cols).fill(1), gives: "covariances" }],
  };
  const products = prepareProducts(job);
  for (const tile of tilesOf(job))
    products(tile, (found) =>
      eachProduct(found, (i, j, product) => {
        out[i * cols + j] += product;
      }),
    );
}
