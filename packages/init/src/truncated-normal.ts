import { normal, normals, type Stream, split } from "@sonde/core";

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
  for (let k = 0; k < out.length; k++)
    for (let child = 0; Math.abs(out[k]) > 2; child++) out[k] = normal(split(source, child), k);
}
