import { DomainError } from "./errors.js";
import { philox } from "./random/philox.js";

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
  const { k0, k1, s0, s1 } = parent;
  philox(k0, k1, index >>> 0, (Math.floor(index / 2 ** 32) | 0x80000000) >>> 0, s0, s1, out);
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
  const { k0, k1, s0, s1 } = source;
  philox(k0, k1, block >>> 0, Math.floor(block / 2 ** 32), s0, s1, out);
  return out;
}
