import type { Matrix } from "@sonde/core";
import type { LayerStatistics } from "../layer-statistics.js";
import { gramJob } from "./job.js";
import { eachProduct, prepareProducts } from "./tile-sums.js";
import { tilesOf } from "./tiles.js";

/** The smaller of the two matrices of products, over its trace: of shifted units `[units, units]` or points `[points, points]`, row-major and whole, in float64. */
export function gramMatrix({ rows, cols, data }: Matrix, statistics: LayerStatistics): Float64Array {
  const job = gramJob(data, statistics, ["covariances"]);
  const byUnits = cols <= rows;
  const factors = new Float64Array(cols).fill(1 / Math.sqrt(statistics.square) / statistics.scale);
  const whole = {
    ...job,
    precision: "float64",
    vectors: byUnits ? "units" : "points",
    passes: [{ factors, gives: "covariances" }],
  } as const;
  const side = byUnits ? cols : rows;
  const result = new Float64Array(side * side);
  const products = prepareProducts(whole);
  for (const tile of tilesOf(whole))
    products(tile, (found) =>
      eachProduct(found, (i, j, product) => {
        result[i * side + j] = product;
        result[j * side + i] = product;
      }),
    );
  return result;
}
