import { productError } from "../statistics/expansion.js";

/** A vector y in terms of another, x: y = ratio x + rest, the rest orthogonal to x. */
export interface Decomposition {
  readonly ratio: number;
  readonly rest: Float64Array;
}

/**
 * The parts of y along x and across it, without cancellation where the two are nearly parallel: the error of each entry of `rest` is about 1e-16 of that entry plus
 * 1e-32 of y, and a rest that is no more than this rounding is zero: the two are collinear. `[n], [n] -> [n]`; squares of the entries of x must stay in the range of float64, and x must
 * not be zero.
 *
 * @example
 * decompose([1, 1], [1, 1 + 2 ** -52]).rest // [-1.1102230246251565e-16, 1.1102230246251565e-16]
 */
export function decompose(x: ArrayLike<number>, y: ArrayLike<number>): Decomposition {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += x[i] * x[i];
  let ratio = alongside(x, y) / squares;
  const rest = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const product = ratio * x[i];
    rest[i] = y[i] - product - productError(ratio, x[i], product);
  }
  // The rounded ratio leaves a part along x, and so does taking that away.
  let taken = 0;
  for (let pass = 0; pass < 2; pass++) {
    const along = alongside(x, rest) / squares;
    for (let i = 0; i < x.length; i++) rest[i] -= along * x[i];
    ratio += along;
    taken += Math.abs(along);
  }
  const rounding = taken * Math.sqrt(squares) * 2 ** -50;
  if (rest.every((value) => Math.abs(value) <= rounding)) rest.fill(0);
  return { ratio, rest };
}

function alongside(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}
