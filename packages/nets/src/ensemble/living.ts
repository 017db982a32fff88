import type { Living, ObservedLayer } from "./metric.js";

/** Living points of a network on its way through the layers. */
export interface LivingTrace extends Living {
  readonly ratio: Float64Array;
  readonly anyHere: Uint8Array;
  readonly anyThrough: Uint8Array;
  /** Per point 1 while it is alive. */
  readonly through: Uint8Array;
}

/** Before the first layer: every point is alive. */
export function livingTrace(layers: number, points: number): LivingTrace {
  return {
    ratio: new Float64Array(layers),
    anyHere: new Uint8Array(layers),
    anyThrough: new Uint8Array(layers),
    through: new Uint8Array(points).fill(1),
  };
}

/** Adds one layer; each point stands for its share of the whole, or for as much as any other. */
export function watchLiving(trace: LivingTrace, { layer, points, alive }: ObservedLayer, shares?: readonly number[]): void {
  const here = alive();
  let anyHere = 0;
  let anyThrough = 0;
  let sum = 0;
  for (let p = 0; p < points; p++) {
    anyHere |= here[p];
    trace.through[p] &= here[p];
    anyThrough |= trace.through[p];
    sum += shares ? shares[p] * trace.through[p] : trace.through[p];
  }
  trace.ratio[layer - 1] = shares ? sum : sum / points;
  trace.anyHere[layer - 1] = anyHere;
  trace.anyThrough[layer - 1] = anyThrough;
}
