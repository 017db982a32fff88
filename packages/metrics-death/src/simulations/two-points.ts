import { normals, type Stream, split } from "@sonde/core";
import { atan2, cos, sin } from "@sonde/core/math";

/** Radians below which two points count as one ray: it changes the probability that N units are inactive at both by a factor within N 3e-8 of 1. */
export const parallel = 1e-7;

/** The probability that a unit with normal weights is inactive at both of two points at this angle, (pi - theta) / (2 pi). */
export function inactiveAtBoth(angle: number): number {
  return (Math.PI - angle) / (2 * Math.PI);
}

/**
 * The angle of two points after a layer of ReLU units with normal weights, drawn in law given that both are still alive. `draws` is room for two numbers a unit.
 */
export function nextAngle(angle: number, units: number, source: Stream, draws: Float64Array): number {
  // In one dimension two positive values are on one ray; to wait for them may take for ever.
  if (units === 1) return 0;
  const [c, s] = [cos(angle), sin(angle)];
  for (let attempt = 0; ; attempt++) {
    normals(split(source, attempt), draws.subarray(0, 2 * units));
    let uu = 0;
    let uv = 0;
    let vv = 0;
    for (let i = 0; i < 2 * units; i += 2) {
      const u = Math.max(0, draws[i]);
      const v = Math.max(0, c * draws[i] + s * draws[i + 1]);
      uu += u * u;
      uv += u * v;
      vv += v * v;
    }
    if (uu > 0 && vv > 0) return angleOf(uu, uv, vv);
  }
}

/** The angle of two vectors from their inner products, to 1e-8: enough for what `parallel` leaves. */
export function angleOf(uu: number, uv: number, vv: number): number {
  return atan2(Math.sqrt(Math.max(0, uu * vv - uv * uv)), uv);
}
