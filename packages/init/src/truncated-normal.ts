import { type Stream, split } from "@sonde/core";
import { normals } from "./random-shim.js";

/** Standard deviation of a standard normal variable conditioned on [-2, 2]: sqrt(1 - 4 phi(2) / (2 Phi(2) - 1)). */
export const TRUNCATED_SD = 0.87962566103423978;

/**
 * Fills `out` with standard normal draws conditioned on [-2, 2], unscaled (variance `TRUNCATED_SD` squared).
 *
 * Entry k is draw k of the stream where that lies within [-2, 2], otherwise draw k of the stream's first child where it does: a pure function
 * of (stream, k) that shares 95 % of its values with the untruncated draws.
 */
export function truncatedNormals(source: Stream, out: Float64Array): void {
  normals(source, out);
  const redrawn = new Float64Array(1);
  for (let k = 0; k < out.length; k++)
    for (let child = 0; Math.abs(out[k]) > 2; child++) {
      normals(split(source, child), redrawn, k);
      out[k] = redrawn[0];
    }
}
