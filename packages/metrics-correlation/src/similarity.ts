import { addRunning, type Matrix, mergeRunning, type Running, running } from "@sonde/core";
import type { Metric } from "@sonde/nets";
import { averageCosine } from "./average-cosine.js";
import { gramRank } from "./gram-rank.js";
import { type Alignable, alignable, alignment } from "./linear-cka.js";

export interface SimilarityOptions {
  /** The points that the run begins with, `[points, inputs]`. */
  readonly inputs: Matrix;
  readonly debiased: boolean;
  readonly tolerance?: number;
}

/** What is measured of one layer of one network; `undefined` where it does not exist. */
type LayerValues = Record<keyof SimilarityState[number], number | undefined>;

export interface SimilarityTrace {
  readonly inputs: Alignable;
  previous: Alignable;
  readonly layers: LayerValues[];
}

/** Per layer, sums over the networks in which the quantity exists. */
export type SimilarityState = {
  readonly averageCosine: Running;
  readonly zeroPoints: Running;
  readonly gramRank: Running;
  readonly ckaWithInputs: Running;
  readonly ckaWithPrevious: Running;
}[];

/** Measures, layer by layer, how the points lie to each other as a set: their average cosine, the rank of their Gram matrix, and linear CKA with the inputs and with the layer before. */
export const similarity: Metric<SimilarityOptions, SimilarityTrace, SimilarityState> = {
  name: "similarity",
  trace({ options }) {
    const inputs = alignable(options.inputs, options.debiased);
    return { inputs, previous: inputs, layers: [] };
  },
  observe(trace, { activations, points }, { options: { debiased, tolerance } }) {
    const values = activations();
    const cosines = averageCosine(values);
    const current = alignable(values, debiased);
    trace.layers.push({
      averageCosine: cosines.value,
      zeroPoints: cosines.zeroPoints / points,
      gramRank: gramRank(values, { tolerance }),
      ckaWithInputs: alignment(trace.inputs, current),
      ckaWithPrevious: alignment(trace.previous, current),
    });
    trace.previous = current;
  },
  empty: ({ layers }) =>
    Array.from({ length: layers }, () => ({
      averageCosine: running(),
      zeroPoints: running(),
      gramRank: running(),
      ckaWithInputs: running(),
      ckaWithPrevious: running(),
    })),
  fold(state, trace) {
    trace.layers.forEach((values, l) => {
      for (const key of quantities) {
        const value = values[key];
        if (value !== undefined) addRunning(state[l][key], value);
      }
    });
  },
  merge(state, next) {
    next.forEach((layer, l) => {
      for (const key of quantities) mergeRunning(state[l][key], layer[key]);
    });
  },
};

const quantities = ["averageCosine", "zeroPoints", "gramRank", "ckaWithInputs", "ckaWithPrevious"] as const;
