import { addTo, type Moments, mergeInto, moments } from "@sonde/core";
import type { Metric } from "@sonde/nets";

export interface DeathOptions {
  /** The share of the domain that each input point stands for, summing to 1. Equal shares without it. */
  readonly shares?: readonly number[];
}

/** What is remembered of one network: which points are alive through the layers so far, and the layer that was zero everywhere (0: none). */
export interface DeathTrace {
  readonly living: Uint8Array;
  readonly livingRatio: Float64Array;
  diedIn: number;
  anyLiving: boolean;
}

export interface DeathState {
  networks: number;
  bornDead: number;
  noLivingPoint: number;
  /** Networks that died in layer l, at index l - 1. */
  readonly deadHere: number[];
  /** Living ratio at layer l, at index l - 1. */
  readonly livingRatio: Moments[];
}

/**
 * Counts the networks that are born dead (some hidden layer is zero at every point), the layer in which that happens first, the networks without a living
 * point (no single point is alive through all layers), and averages the share of points that are alive through each layer.
 */
export const death: Metric<DeathOptions, DeathTrace, DeathState> = {
  name: "death",
  trace: ({ layers, points }) => ({
    living: new Uint8Array(points).fill(1),
    livingRatio: new Float64Array(layers),
    diedIn: 0,
    anyLiving: true,
  }),
  observe(trace, { layer, alive, points }, { options }) {
    const here = alive();
    let anyHere = 0;
    let anyThrough = 0;
    let ratio = 0;
    for (let p = 0; p < points; p++) {
      anyHere |= here[p];
      trace.living[p] &= here[p];
      anyThrough |= trace.living[p];
      ratio += options.shares ? options.shares[p] * trace.living[p] : trace.living[p];
    }
    trace.livingRatio[layer - 1] = options.shares ? ratio : ratio / points;
    if (!anyHere && trace.diedIn === 0) trace.diedIn = layer;
    trace.anyLiving = anyThrough === 1;
  },
  empty: ({ layers }) => ({
    networks: 0,
    bornDead: 0,
    noLivingPoint: 0,
    deadHere: new Array<number>(layers).fill(0),
    livingRatio: Array.from({ length: layers }, () => moments({ order: 2 })),
  }),
  fold(state, trace) {
    state.networks++;
    if (trace.diedIn > 0) {
      state.bornDead++;
      state.deadHere[trace.diedIn - 1]++;
    }
    if (!trace.anyLiving) state.noLivingPoint++;
    for (let l = 0; l < trace.livingRatio.length; l++) addTo(state.livingRatio[l], trace.livingRatio[l]);
  },
  merge(state, next) {
    state.networks += next.networks;
    state.bornDead += next.bornDead;
    state.noLivingPoint += next.noLivingPoint;
    for (let l = 0; l < next.deadHere.length; l++) {
      state.deadHere[l] += next.deadHere[l];
      mergeInto(state.livingRatio[l], next.livingRatio[l]);
    }
  },
};
