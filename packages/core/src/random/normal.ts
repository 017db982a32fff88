import { mathModule } from "@sonde/kernels/math";
import { cos, log, sin } from "../math.js";
import { type Stream, words } from "../random.js";
import { fillDraws } from "./fill.js";

/**
 * Draw i of the standard normal law, by Box and Muller: the words w, w' numbered 2 m and 2 m + 1 of the stream give u = (w + 1/2) 2^-32,
 * t = 2 pi w' 2^-32, r = sqrt(-2 log u), and with them draws 2 m = r cos t and 2 m + 1 = r sin t. So one block makes four draws, and |draw| <= 6.77.
 *
 * @example
 * normal(stream(0), 0) // 0.9911376792540323
 */
export function normal(source: Stream, i: number): number {
  const block = words(source, Math.floor(i / 4));
  const word = i & 2;
  const radius = Math.sqrt(-2 * log((block[word] + 0.5) * 2 ** -32));
  const angle = block[word + 1] * (6.283185307179586 * 2 ** -32);
  return radius * (i & 1 ? sin(angle) : cos(angle));
}

/** Fills `out` with the draws `normal(source, first)`, `normal(source, first + 1)`, ..., the same bits, and returns it. */
export function normals(source: Stream, out: Float64Array, first = 0): Float64Array {
  return fillDraws(mathModule().normals, 4, source, out, first);
}
