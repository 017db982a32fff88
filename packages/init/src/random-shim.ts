import { type Stream, words } from "@sonde/core";
import { cos, log, sin } from "@sonde/core/math";

export function normals(source: Stream, out: Float64Array, first = 0): void {
  for (let k = 0; k < out.length; k++) {
    const i = first + k;
    const pair = Math.floor(i / 2);
    const block = words(source, Math.floor(pair / 2));
    const at = (pair % 2) * 2;
    const r = Math.sqrt(-2 * log((block[at] + 0.5) * 2 ** -32));
    const t = 2 * Math.PI * block[at + 1] * 2 ** -32;
    out[k] = i % 2 === 0 ? r * cos(t) : r * sin(t);
  }
}

export function uniforms(source: Stream, out: Float64Array, first = 0): void {
  for (let k = 0; k < out.length; k++) {
    const i = first + k;
    const block = words(source, Math.floor(i / 2));
    const at = (i % 2) * 2;
    out[k] = ((block[at] >>> 5) * 2 ** 26 + (block[at + 1] >>> 6)) * 2 ** -53;
  }
}
