import { addRunning, mergeRunning, type Running, running } from "@sonde/core";
import type { Metric } from "@sonde/nets";
import { breakpoints } from "./simulations/breakpoints.js";
import { survivors } from "./simulations/survivors.js";

export interface DeathState {
  networks: number;
  /** Networks without a point that is alive through all layers. */
  noLivingPoint: number;
  /** Networks that died in layer l, at index l - 1; together those that are born dead. */
  readonly deadHere: number[];
  /** Living ratio at layer l, at index l - 1. */
  readonly livingRatio: Running[];
  /** Present where survivors were simulated: then the counts above are 0, and these average the exact probabilities of dying in layer l, and in any layer up to l. */
  survivors?: { readonly deadHere: Running[]; readonly deadThrough: Running[] };
}

/**
 * Counts the networks that are born dead (some hidden layer is zero at every point) by the layer in which that happens first, and the networks without a living
 * point (no single point is alive through all layers), and averages the share of points that are alive through each layer.
 *
 * It can also draw networks itself: up to three rays by their angles among survivors, with exact probabilities of death, and an interval of one input exactly, by its breakpoints.
 */
export const death: Metric<unknown, undefined, DeathState> = {
  name: "death",
  needs: ["living"],
  simulations: { survivors, breakpoints },
  trace: () => undefined,
  empty: ({ layers }) => ({
    networks: 0,
    noLivingPoint: 0,
    deadHere: new Array<number>(layers).fill(0),
    livingRatio: runnings(layers),
  }),
  fold(state, _trace, { layers }, { living, conditional }) {
    state.networks++;
    if (conditional) return foldSurvivors(state, conditional);
    if (!living) return;
    let diedIn = 0;
    for (let l = layers - 1; l >= 0; l--) {
      if (living.anyHere[l] === 0) diedIn = l + 1;
      addRunning(state.livingRatio[l], living.ratio[l]);
    }
    if (diedIn > 0) state.deadHere[diedIn - 1]++;
    if (layers > 0 && living.anyThrough[layers - 1] === 0) state.noLivingPoint++;
  },
  merge(state, next) {
    state.networks += next.networks;
    state.noLivingPoint += next.noLivingPoint;
    if (next.survivors) state.survivors ??= noSurvivors(next.deadHere.length);
    for (let l = 0; l < next.deadHere.length; l++) {
      state.deadHere[l] += next.deadHere[l];
      mergeRunning(state.livingRatio[l], next.livingRatio[l]);
      if (!next.survivors || !state.survivors) continue;
      mergeRunning(state.survivors.deadHere[l], next.survivors.deadHere[l]);
      mergeRunning(state.survivors.deadThrough[l], next.survivors.deadThrough[l]);
    }
  },
};

function foldSurvivors(state: DeathState, deadHere: readonly number[]): void {
  state.survivors ??= noSurvivors(deadHere.length);
  let deadThrough = 0;
  for (let l = 0; l < deadHere.length; l++) {
    deadThrough += deadHere[l];
    addRunning(state.survivors.deadHere[l], deadHere[l]);
    addRunning(state.survivors.deadThrough[l], deadThrough);
  }
}

function noSurvivors(layers: number): NonNullable<DeathState["survivors"]> {
  return { deadHere: runnings(layers), deadThrough: runnings(layers) };
}

function runnings(layers: number): Running[] {
  return Array.from({ length: layers }, running);
}
