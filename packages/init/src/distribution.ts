import { normals, type Stream, uniforms } from "@sonde/core";
import { TRUNCATED_SD, truncatedNormals } from "./truncated-normal.js";

/** A centred law that its variance fixes; `truncated-normal` is cut at two standard deviations of the parent normal. */
export type Distribution = "normal" | "truncated-normal" | "uniform";

/** Fills `out` with independent draws of the given variance; entry k is a pure function of (source, k). */
export function drawEntries(distribution: Distribution, variance: number, source: Stream, out: Float64Array): void {
  if (distribution === "uniform") {
    const radius = Math.sqrt(3 * variance);
    uniforms(source, out);
    for (let k = 0; k < out.length; k++) out[k] = (2 * out[k] - 1) * radius;
    return;
  }
  const truncated = distribution === "truncated-normal";
  const scale = Math.sqrt(variance) / (truncated ? TRUNCATED_SD : 1);
  if (truncated) truncatedNormals(source, out);
  else normals(source, out);
  for (let k = 0; k < out.length; k++) out[k] *= scale;
}
