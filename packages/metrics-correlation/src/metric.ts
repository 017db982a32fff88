import {
  addRunning,
  addToSketch,
  isOneLine,
  mergeRunning,
  mergeSketch,
  type QuantileSketch,
  quantileSketch,
  type Running,
  running,
} from "@sonde/core";
import type { Metric } from "@sonde/nets";
import type { Pair } from "./pairs.js";
import { together } from "./together.js";

export interface AnglesOptions {
  readonly pairs: readonly Pair[];
  /** Whether values of ln sin^2 theta are kept for quantiles, binned. */
  readonly quantiles?: boolean;
  /** The first layer of a single unit, from 1, if there is one: all points lie on a line there, so that from it on only zeros are degenerate. */
  readonly line?: number;
}

/** Sums over the pairs of one network at one layer. */
interface LayerSums {
  degenerate: number;
  /** Those that have an angle other than 0 and pi, which alone are averaged. */
  pairs: number;
  logSin2: number;
  theta: number;
  cosine: number;
  correlated: number;
  correlation: number;
  values: number[];
}

export interface AnglesTrace {
  /** Per pair, whether it has been degenerate in a layer so far. */
  readonly degenerate: Uint8Array;
  readonly layers: LayerSums[];
}

/** Means over networks of each network's average over its non-degenerate pairs; `spread` and `sketch` are over networks and pairs together. */
interface AnglesLayerState {
  readonly logSin2: Running;
  readonly spread: Running;
  readonly angle: Running;
  readonly cosine: Running;
  readonly correlation: Running;
  readonly degenerate: Running;
  readonly sketch: QuantileSketch;
}

export interface AnglesState {
  networks: number;
  /** Pairs measured in every network. */
  readonly pairs: number;
  readonly layers: AnglesLayerState[];
}

/**
 * Measures, layer by layer, the angle theta between pairs of points as X = ln sin^2 theta, theta, cos theta and Pearson's correlation. A pair is degenerate from the layer on in which one of
 * its points is zero or the two lie on one ray from 0; all averages are over the other pairs, but for those on opposite rays (and on one ray behind a layer of a single unit), whose ln sin^2 is
 * infinite.
 */
export const angles: Metric<AnglesOptions, AnglesTrace, AnglesState> = {
  name: "angles",
  trace: ({ options }) => ({ degenerate: new Uint8Array(options.pairs.length), layers: [] }),
  observe(trace, { layer, activations, pairAngle }, { options: { pairs, line } }) {
    const values = activations();
    const sums: LayerSums = {
      degenerate: 0,
      pairs: 0,
      logSin2: 0,
      theta: 0,
      cosine: 0,
      correlated: 0,
      correlation: 0,
      values: [],
    };
    const onLine = line !== undefined && layer >= line;
    pairs.forEach((pair, k) => {
      if (trace.degenerate[k]) {
        sums.degenerate++;
        return;
      }
      // A difference that is carried along has no rounding to be told from.
      const carried = pairAngle?.();
      const { angle: found, correlation } = together(values, pair);
      const angle = carried ?? found;
      const one = carried ? carried.logSin2 === Number.NEGATIVE_INFINITY : angle !== undefined && isOneLine(angle);
      if (angle === undefined || (one && angle.cosine > 0 && !onLine)) {
        trace.degenerate[k] = 1;
        sums.degenerate++;
        return;
      }
      if (one) return;
      sums.pairs++;
      sums.logSin2 += angle.logSin2;
      sums.theta += angle.theta;
      sums.cosine += angle.cosine;
      sums.values.push(angle.logSin2);
      if (correlation !== undefined) {
        sums.correlated++;
        sums.correlation += correlation;
      }
    });
    trace.layers.push(sums);
  },
  empty: ({ layers, options }) => ({
    networks: 0,
    pairs: options.pairs.length,
    layers: Array.from({ length: layers }, () => ({
      logSin2: running(),
      spread: running(),
      angle: running(),
      cosine: running(),
      correlation: running(),
      degenerate: running(),
      sketch: quantileSketch(),
    })),
  }),
  fold(state, trace, { options }) {
    state.networks++;
    trace.layers.forEach((sums, l) => {
      const layer = state.layers[l];
      addRunning(layer.degenerate, sums.degenerate / options.pairs.length);
      if (sums.correlated > 0) addRunning(layer.correlation, sums.correlation / sums.correlated);
      if (sums.pairs === 0) return;
      addRunning(layer.logSin2, sums.logSin2 / sums.pairs);
      addRunning(layer.angle, sums.theta / sums.pairs);
      addRunning(layer.cosine, sums.cosine / sums.pairs);
      for (const value of sums.values) addRunning(layer.spread, value);
      if (options.quantiles) for (const value of sums.values) addToSketch(layer.sketch, value);
    });
  },
  merge(state, next) {
    state.networks += next.networks;
    next.layers.forEach(({ sketch, ...layer }, l) => {
      for (const key of Object.keys(layer) as (keyof typeof layer)[]) mergeRunning(state.layers[l][key], layer[key]);
      mergeSketch(state.layers[l].sketch, sketch);
    });
  },
};
