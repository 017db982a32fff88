import { type Architecture, type EnsemblePlan, type Metric, planEnsemble } from "../../src/index.js";

/** Activations of one network: `[layer][point * units + unit]`. */
export type Captured = number[][];

/** A metric that keeps every activation of every network, for tests. */
export const capture: Metric<unknown, { layers: Captured; alive: number[][] }, { layers: Captured; alive: number[][] }[]> = {
  name: "capture",
  trace: () => ({ layers: [], alive: [] }),
  observe: (trace, layer) => {
    trace.layers.push(Array.from(layer.activations().data, (value) => value * 2 ** layer.exponent));
    trace.alive.push([...layer.alive()]);
  },
  empty: () => [],
  fold: (state, trace) => {
    state.push(trace);
  },
  merge: (state, next) => {
    state.push(...next);
  },
};

/** A plan that captures everything, by the given executor. */
export function capturePlan(
  architecture: Architecture,
  inputs: EnsemblePlan["inputs"],
  executor: EnsemblePlan["executor"],
  networks: number,
): EnsemblePlan {
  return {
    ...planEnsemble({ architecture, inputs, seed: 3, method: "weights", networks, metrics: [{ name: "capture", options: {} }] }),
    executor,
  };
}
