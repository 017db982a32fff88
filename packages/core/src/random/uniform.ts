import { mathModule } from "@sonde/kernels/math";
import { type Stream, words } from "../random.js";
import { fillDraws } from "./fill.js";

/**
 * Draw i of the uniform law on the open interval (0, 1): (2 k + 1) 2^-53, where the 52 bits of k are word 2 i and the upper 20 bits of word 2 i + 1. Never 0 or 1,
 * symmetric about 1/2.
 *
 * @example
 * uniform(stream(0), 0) // 0.3990464708489646
 */
export function uniform(source: Stream, i: number): number {
  const block = words(source, Math.floor(i / 2));
  const word = 2 * (i % 2);
  return (2 * (block[word] * 2 ** 20 + (block[word + 1] >>> 12)) + 1) * 2 ** -53;
}

/** Fills `out` with the draws `uniform(source, first)`, `uniform(source, first + 1)`, ... and returns it. */
export function uniforms(source: Stream, out: Float64Array, first = 0): Float64Array {
  return fillDraws(mathModule().uniforms, 2, source, out, first);
}
