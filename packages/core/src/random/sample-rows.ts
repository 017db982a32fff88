import { type Matrix, type Reals, row } from "../matrix.js";
import type { Stream } from "../random.js";
import { sample } from "./permutation.js";

/**
 * So many different rows of a matrix, every choice equally likely, in random order; the matrix itself where it has no more. The first rows would not do: what comes in a file is often sorted.
 *
 * `[rows, cols] -> [min(rows, most), cols]`, see `sample`.
 *
 * @example
 * sampleRows(matrixFromRows([[1], [2], [3], [4]]), 2, stream(0)).data // [2, 4]
 */
export function sampleRows<Data extends Reals>(all: Matrix<Data>, most: number, random: Stream): Matrix<Data> {
  if (most >= all.rows) return all;
  const chosen = sample(random, all.rows, most);
  // A copy of the right size and type, all of which is written over.
  const result: Matrix<Data> = { rows: most, cols: all.cols, data: all.data.slice(0, most * all.cols) as Data };
  chosen.forEach((from, p) => {
    result.data.set(row(all, from), p * all.cols);
  });
  return result;
}
