import { DomainError } from "./errors.js";

/**
 * A stream of random words: 128 bits that name it. Counter-based (Philox4x32-10, Salmon et al. 2011): word block `n` of a stream is a pure
 * function of (stream, n), so draws can be made in any order, on any thread, and always come out the same.
 */
export interface Stream {
  readonly k0: number;
  readonly k1: number;
  readonly s0: number;
  readonly s1: number;
}

/** The root stream of a seed: a whole number from 0 to 2^53 - 1. Seed 0 is a seed like any other. Throws `DomainError` otherwise. */
export function stream(seed: number): Stream {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new DomainError(`a seed is a whole number from 0 to 2^53 - 1, got ${seed}`);
  return { k0: seed >>> 0, k1: Math.floor(seed / 2 ** 32), s0: 0, s1: 0 };
}

/**
 * The child stream with the given index (0 to 2^52 - 1): a new 128-bit name, drawn from counters that the parent's own draws never use.
 * Streams are organised as a tree: seed -> network -> layer -> purpose. `beta` keeps the last index, 2^52 - 1, for itself. Throws `DomainError` for other
 * indices.
 */
export function split(parent: Stream, index: number): Stream {
  if (!(Number.isInteger(index) && index >= 0 && index < 2 ** 52))
    throw new DomainError(`a child stream's index is a whole number from 0 to 2^52 - 1, got ${index}`);
  const out = new Uint32Array(4);
  philox(parent, index >>> 0, (Math.floor(index / 2 ** 32) | 0x80000000) >>> 0, out);
  return { k0: out[0], k1: out[1], s0: out[2], s1: out[3] };
}

/**
 * The four 32-bit words of block `block` (0 to 2^53 - 1) of a stream. Word j of a stream is `words(source, floor(j / 4))[j % 4]`. Throws `DomainError`
 * for other blocks.
 *
 * @example
 * words(stream(0), 0)[0] // 1713891541
 */
export function words(source: Stream, block: number): Uint32Array {
  if (!Number.isSafeInteger(block) || block < 0)
    throw new DomainError(`a block of a random stream is a whole number from 0 to 2^53 - 1, got ${block}`);
  const out = new Uint32Array(4);
  philox(source, block >>> 0, Math.floor(block / 2 ** 32), out);
  return out;
}

/** Philox4x32-10: encrypts the counter (c0, c1, s0, s1) under the key (k0, k1). */
function philox(source: Stream, c0: number, c1: number, out: Uint32Array): void {
  let { k0, k1, s0: x2, s1: x3 } = source;
  let x0 = c0;
  let x1 = c1;
  for (let round = 0; round < 10; round++) {
    const hi0 = mulhi(0xd2511f53, x0);
    const lo0 = Math.imul(0xd2511f53, x0);
    const hi1 = mulhi(0xcd9e8d57, x2);
    const lo1 = Math.imul(0xcd9e8d57, x2);
    x0 = hi1 ^ x1 ^ k0;
    x1 = lo1;
    x2 = hi0 ^ x3 ^ k1;
    x3 = lo0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

/** The upper 32 bits of the 64-bit product of two unsigned 32-bit numbers. */
function mulhi(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const other = a0 * b1 + (middle & 0xffff);
  return a1 * b1 + Math.floor(middle / 65536) + Math.floor(other / 65536);
}
