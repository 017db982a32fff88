import { addRunning, mergeRunning, type Running, running } from "@sonde/core";
import { exp2 } from "@sonde/core/math";
import type { Metric } from "@sonde/nets";
import { addPairs, mergePairs, type PairSums, pairSums } from "./pair-sums.js";

export interface KernelMetricOptions {
  /** Look only at the last hidden layer. Default false. */
  readonly last?: boolean;
}

export interface KernelState {
  readonly layers: PairSums[];
  /** The last layer's kernel of a point with itself, averaged over points. */
  readonly trace: Running;
}

/** The kernel of a random network between inputs, layer by layer: K(x, x') = h(x) . h(x') / units, over the units (and positions) of a hidden layer. */
export const kernelMetric: Metric<KernelMetricOptions, Float64Array[], KernelState> = {
  name: "kernel",
  trace: () => [],
  observe(trace, layer, { layers, points, options }) {
    if (options.last && layer.layer < layers) return;
    const { data, cols } = layer.activations();
    const scale = exp2(layer.exponent) / Math.sqrt(cols);
    const products = new Float64Array((points * (points + 1)) / 2);
    for (let i = 0, k = 0; i < points; i++)
      for (let j = 0; j <= i; j++, k++) {
        let sum = 0;
        for (let u = 0; u < cols; u++) sum += data[i * cols + u] * data[j * cols + u];
        // Twice the scale, not its square: that may leave float64's range where the product does not.
        products[k] = sum * scale * scale;
      }
    trace.push(products);
  },
  empty: ({ layers, points, options }) => ({
    layers: Array.from({ length: options.last ? Math.min(1, layers) : layers }, () => pairSums(points)),
    trace: running(),
  }),
  fold(state, trace) {
    trace.forEach((products, l) => {
      addPairs(state.layers[l], products);
    });
    const last = trace.at(-1);
    if (!last) return;
    let sum = 0;
    let points = 0;
    for (let k = 0, step = 2; k < last.length; k += step++, points++) sum += last[k];
    addRunning(state.trace, sum / points);
  },
  merge(state, next) {
    next.layers.forEach((sums, l) => {
      mergePairs(state.layers[l], sums);
    });
    mergeRunning(state.trace, next.trace);
  },
};
