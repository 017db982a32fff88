import { addRunning, mergeRunning, type Running, running } from "@sonde/core";
import type { Metric } from "@sonde/nets";
import { localVni } from "../local-vni.js";

export interface LocalVniOptions {
  /** The layers that are looked at, by their numbers from 1, ascending. */
  readonly layers: readonly number[];
  /** Whether the tangents are images of random directions, not of one direction along each input. */
  readonly random: boolean;
}

export interface LocalVniState {
  readonly layers: {
    readonly local: Running;
    /** Networks whose Jacobian is 0. */
    leftOut: number;
  }[];
}

/** The local VNI of every layer of each network, from tangents at one point. */
export const localVniMetric: Metric<LocalVniOptions, number[], LocalVniState> = {
  name: "local-vni",
  trace: () => [],
  observe(trace, { layer, tangents }, { options }) {
    if (options.layers[trace.length] === layer) trace.push(localVni(tangents(), options));
  },
  empty: ({ options }) => ({ layers: options.layers.map(() => ({ local: running(), leftOut: 0 })) }),
  fold(state, trace) {
    trace.forEach((value, l) => {
      const layer = state.layers[l];
      if (Number.isNaN(value)) {
        layer.leftOut++;
        return;
      }
      addRunning(layer.local, value);
    });
  },
  merge(state, next) {
    next.layers.forEach((layer, l) => {
      const own = state.layers[l];
      mergeRunning(own.local, layer.local);
      own.leftOut += layer.leftOut;
    });
  },
};
