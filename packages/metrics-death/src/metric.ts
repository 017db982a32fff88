import { addRunning, addTo, type Moments, mergeInto, mergeRunning, moments, type Running, running } from "@sonde/core";
import { expm1, log1p } from "@sonde/core/math";
import type { Metric } from "@sonde/nets";
import { layerDeath } from "./layer-death.js";

export interface DeathState {
  networks: number;
  bornDead: number;
  noLivingPoint: number;
  /** Networks that died in layer l, at index l - 1. */
  readonly deadHere: number[];
  /** Living ratio at layer l, at index l - 1. */
  readonly livingRatio: Running[];
  /** Present where survivors were propagated: then the counts above are 0, and these hold each trajectory's exact probabilities. */
  survivors?: {
    readonly bornDead: Moments;
    readonly deadHere: Moments[];
    readonly livingRatio: Moments[];
  };
}

/**
 * Counts the networks that are born dead (some hidden layer is zero at every point), the layer in which that happens first, the networks without a living
 * point (no single point is alive through all layers), and averages the share of points that are alive through each layer.
 *
 * Where a layer's death has a closed form given the layer before it (`layerDeath`), survivors alone can be drawn, and 1 - prod (1 - p_l) is averaged instead.
 */
export const death: Metric<unknown, undefined, DeathState> = {
  name: "death",
  needs: ["living"],
  event: layerDeath,
  trace: () => undefined,
  empty: ({ layers }) => ({
    networks: 0,
    bornDead: 0,
    noLivingPoint: 0,
    deadHere: new Array<number>(layers).fill(0),
    livingRatio: Array.from({ length: layers }, running),
  }),
  fold(state, _trace, { layers }, { living, conditional }) {
    state.networks++;
    if (!living) return;
    if (conditional) return foldSurvivor(state, living.ratio, conditional);
    let diedIn = 0;
    for (let l = layers - 1; l >= 0; l--) {
      if (living.anyHere[l] === 0) diedIn = l + 1;
      addRunning(state.livingRatio[l], living.ratio[l]);
    }
    if (diedIn > 0) {
      state.bornDead++;
      state.deadHere[diedIn - 1]++;
    }
    if (layers > 0 && living.anyThrough[layers - 1] === 0) state.noLivingPoint++;
  },
  merge(state, next) {
    state.networks += next.networks;
    state.bornDead += next.bornDead;
    state.noLivingPoint += next.noLivingPoint;
    for (let l = 0; l < next.deadHere.length; l++) {
      state.deadHere[l] += next.deadHere[l];
      mergeRunning(state.livingRatio[l], next.livingRatio[l]);
    }
    if (!next.survivors) return;
    state.survivors ??= noSurvivors(next.deadHere.length);
    mergeInto(state.survivors.bornDead, next.survivors.bornDead);
    for (let l = 0; l < next.deadHere.length; l++) {
      mergeInto(state.survivors.deadHere[l], next.survivors.deadHere[l]);
      mergeInto(state.survivors.livingRatio[l], next.survivors.livingRatio[l]);
    }
  },
};

/** Weighs a survivor by the probability of having survived so far, so that averages over survivors are averages over networks. */
function foldSurvivor(state: DeathState, ratio: ArrayLike<number>, conditional: readonly number[]): void {
  state.survivors ??= noSurvivors(conditional.length);
  const { survivors } = state;
  let logAlive = 0;
  conditional.forEach((probability, l) => {
    const alive = -expm1(logAlive);
    addTo(survivors.deadHere[l], (1 - alive) * probability);
    logAlive += log1p(-probability);
    addTo(survivors.livingRatio[l], (1 + expm1(logAlive)) * ratio[l]);
  });
  addTo(survivors.bornDead, -expm1(logAlive) || 0);
}

function noSurvivors(layers: number): NonNullable<DeathState["survivors"]> {
  const perLayer = () => Array.from({ length: layers }, () => moments({ order: 2 }));
  return { bornDead: moments({ order: 2 }), deadHere: perLayer(), livingRatio: perLayer() };
}
