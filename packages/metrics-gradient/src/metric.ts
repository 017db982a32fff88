import { addRunning, mergeRunning, type Running, running } from "@sonde/core";
import { log } from "@sonde/core/math";
import type { Metric } from "@sonde/nets";
import { addLevel, type LevelSums, levelSums, mergeLevels } from "./level-sums.js";
import { logSum } from "./log-sums.js";
import type { GradientPlaces } from "./places.js";
import { backwardSlope } from "./slope.js";

/** ln of the mean squares of one network's gradients, by the path of the layer. */
export interface GradientsTrace {
  readonly levels: Map<string, number>;
  readonly weights: Map<string, number>;
}

export interface GradientsState {
  readonly layers: {
    readonly activations: LevelSums;
    readonly preActivations?: LevelSums;
    readonly weights?: LevelSums;
  }[];
  readonly inputs: LevelSums;
  readonly outputWeights?: LevelSums;
  readonly growth: Running;
  readonly firstOverLast: Running;
}

/** The mean square of the gradient of a random network, layer by layer: by activations, pre-activations and weights, for errors of unit variance at the outputs. */
export const gradients: Metric<GradientPlaces, GradientsTrace, GradientsState> = {
  name: "gradients",
  trace: () => ({ levels: new Map(), weights: new Map() }),
  backward({ levels, weights }, { path, logMeanSquare, weightLogMeanSquare }) {
    levels.set(path, logMeanSquare());
    if (weightLogMeanSquare) weights.set(path, weightLogMeanSquare());
  },
  empty: ({ options: { layers, outputWeights } }) => ({
    layers: layers.map(({ preActivations, weights }) => ({
      activations: levelSums(),
      ...(preActivations !== undefined && { preActivations: levelSums() }),
      ...(weights.length > 0 && { weights: levelSums() }),
    })),
    inputs: levelSums(),
    ...(outputWeights.length > 0 && { outputWeights: levelSums() }),
    growth: running(),
    firstOverLast: running(),
  }),
  fold(state, { levels, weights }, { options }) {
    const at = (path: string): number => levels.get(path) ?? Number.NaN;
    const ofWeights = (places: Weights): number => {
      const total = places.reduce((sum, { count }) => sum + count, 0);
      return places.map(({ path, count }) => (weights.get(path) ?? Number.NaN) + log(count / total)).reduce(logSum);
    };
    addLevel(state.inputs, at("input"));
    if (state.outputWeights) addLevel(state.outputWeights, ofWeights(options.outputWeights));
    options.layers.forEach((places, l) => {
      const sums = state.layers[l];
      addLevel(sums.activations, at(places.activations));
      if (sums.preActivations && places.preActivations !== undefined) addLevel(sums.preActivations, at(places.preActivations));
      if (sums.weights) addLevel(sums.weights, ofWeights(places.weights));
    });
    const all = options.layers.map(({ activations }) => at(activations));
    if (all.length < 2 || all.includes(Number.NEGATIVE_INFINITY)) return;
    addRunning(state.growth, backwardSlope(all));
    addRunning(state.firstOverLast, all[0] - all[all.length - 1]);
  },
  merge(state, next) {
    mergeLevels(state.inputs, next.inputs);
    if (state.outputWeights && next.outputWeights) mergeLevels(state.outputWeights, next.outputWeights);
    next.layers.forEach((sums, l) => {
      for (const key of ["activations", "preActivations", "weights"] as const) {
        const [own, other] = [state.layers[l][key], sums[key]];
        if (own && other) mergeLevels(own, other);
      }
    });
    mergeRunning(state.growth, next.growth);
    mergeRunning(state.firstOverLast, next.firstOverLast);
  },
};

type Weights = GradientPlaces["outputWeights"];
