import { DomainError } from "../errors.js";
import { type Stream, words } from "../random.js";

/**
 * Draw i of a fair sign, -1 or 1: the upper bit of word i.
 *
 * @example
 * sign(stream(0), 0) // 1
 */
export function sign(source: Stream, i: number): number {
  return words(source, Math.floor(i / 4))[i % 4] >>> 31 ? -1 : 1;
}

/**
 * Draw i of the uniform law on 0, 1, ..., n - 1: floor(n k 2^-53), where the 53 bits of k are word 2 i and the upper 21 bits of word 2 i + 1. Every
 * value has probability 1/n to within 2^-52. Throws `DomainError` unless n is a whole number from 1 to 2^32.
 *
 * @example
 * integer(stream(0), 0, 6) // 2
 */
export function integer(source: Stream, i: number, n: number): number {
  if (!(Number.isInteger(n) && n >= 1 && n <= 2 ** 32))
    throw new DomainError(`a random integer needs a whole number of values from 1 to 2^32, got ${n}`);
  const block = words(source, Math.floor(i / 2));
  const word = 2 * (i % 2);
  return Math.floor((block[word] * 2 ** 21 + (block[word + 1] >>> 11)) * 2 ** -53 * n);
}
