import { ConfigError, DomainError } from "../errors.js";
import { addExactly, addProductExactly, canonical, productError } from "./expansion.js";

/**
 * Running moments as plain data, fit for JSON and structured cloning: the count and the *exact* sums of the first powers of the values. So moments
 * of parts merge exactly: however the data are split and in whatever order parts are merged, every statistic comes out with the same bits.
 */
export interface Moments {
  count: number;
  /** The sum of x^k at index k - 1, as numbers that do not overlap. */
  readonly sums: number[][];
}

/** The highest power that is summed: mean needs 1, variance 2, skewness 3, kurtosis 4. */
export type MomentsOrder = 1 | 2 | 3 | 4;

/**
 * The moments of no values yet, for values added with `addTo` and `mergeInto`.
 *
 * Throws `ConfigError` unless the order is 1, 2, 3 or 4 (default).
 */
export function moments(options: { readonly order?: MomentsOrder } = {}): Moments {
  const { order = 4 } = options;
  if (![1, 2, 3, 4].includes(order)) throw new ConfigError(`moments have order 1, 2, 3 or 4, got ${order}`);
  return { count: 0, sums: Array.from({ length: order }, () => []) };
}

/**
 * Adds one value or several, in place. Takes |x| up to 2^(960 / order) (1e72 at order 4). Exact for 0 and from 2^(52 - 1074 / order) (1e-65 at
 * order 4) on; below, the powers underflow, which is the same for every split.
 *
 * Throws `DomainError` for a value that is not finite or above that range; values before it have then been added.
 *
 * @example
 * const m = moments();
 * addTo(m, [1, 2, 3, 4]);
 * variance(m) // 1.25
 */
export function addTo(m: Moments, values: number | ArrayLike<number>): void {
  if (typeof values === "number") addValue(m, values);
  else for (let i = 0; i < values.length; i++) addValue(m, values[i]);
}

function addValue(m: Moments, x: number): void {
  const { sums } = m;
  const order = sums.length;
  const limit = 2 ** (960 / order);
  if (!(Math.abs(x) <= limit))
    throw new DomainError(`moments of order ${order} take finite numbers of magnitude up to ${limit.toPrecision(2)}, got ${x}`);
  m.count++;
  addExactly(sums[0], x);
  if (order === 1) return;
  const square = x * x;
  const squareRest = productError(x, x, square);
  addExactly(sums[1], square);
  addExactly(sums[1], squareRest);
  if (order === 2) return;
  addProductExactly(sums[2], square, x);
  addProductExactly(sums[2], squareRest, x);
  if (order === 3) return;
  addProductExactly(sums[3], square, square);
  addProductExactly(sums[3], 2 * square, squareRest);
  addProductExactly(sums[3], squareRest, squareRest);
}

/** Adds the moments of other values, in place. Throws `ConfigError` if the orders differ. */
export function mergeInto(target: Moments, other: Moments): void {
  if (target.sums.length !== other.sums.length)
    throw new ConfigError(
      `moments of order ${target.sums.length} and ${other.sums.length} do not merge: give both the same order`,
    );
  target.count += other.count;
  other.sums.forEach((sum, k) => {
    const into = target.sums[k];
    for (const part of sum) addExactly(into, part);
    into.splice(0, into.length, ...canonical(into));
  });
}

/**
 * The moments of both sets of values together; neither is changed. Equal data give equal records, however they were split and merged.
 *
 * Throws `ConfigError` if the orders differ.
 */
export function mergeMoments(a: Moments, b: Moments): Moments {
  const result: Moments = { count: a.count, sums: a.sums.map((sum) => [...sum]) };
  mergeInto(result, b);
  return result;
}
