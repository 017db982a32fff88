import { DomainError } from "../errors.js";
import type { Stream } from "../random.js";
import { integer } from "./discrete.js";

/**
 * A uniformly random order of 0, 1, ..., n - 1 (Fisher and Yates), from the draws 1 to n - 1 of `integer`. Throws `DomainError` unless n is a whole number
 * from 0 to 2^32.
 *
 * @example
 * permutation(stream(0), 5).join() // "4,1,3,2,0"
 */
export function permutation(source: Stream, n: number): Uint32Array {
  checkCount(n);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = integer(source, i, i + 1);
    const value = order[i];
    order[i] = order[j];
    order[j] = value;
  }
  return order;
}

/**
 * k different numbers of 0, 1, ..., n - 1 in random order, every ordered choice equally likely, from the draws 0 to k - 1 of `integer`. Costs O(k),
 * whatever n. Throws `DomainError` unless 0 <= k <= n <= 2^32, both whole.
 *
 * @example
 * sample(stream(0), 1000, 3).join() // "399,735,972"
 */
export function sample(source: Stream, n: number, k: number): Uint32Array {
  checkCount(n);
  if (!(Number.isInteger(k) && k >= 0 && k <= n))
    throw new DomainError(`cannot choose ${k} different numbers out of ${n}: ask for a whole number from 0 to ${n}`);
  // The order array of Fisher and Yates, kept only where it differs from i -> i.
  const moved = new Map<number, number>();
  return Uint32Array.from({ length: k }, (_, i) => {
    const j = i + integer(source, i, n - i);
    const chosen = moved.get(j) ?? j;
    moved.set(j, moved.get(i) ?? i);
    return chosen;
  });
}

function checkCount(n: number): void {
  if (!(Number.isInteger(n) && n >= 0 && n <= 2 ** 32))
    throw new DomainError(`a permutation needs a whole number of entries from 0 to 2^32, got ${n}`);
}
