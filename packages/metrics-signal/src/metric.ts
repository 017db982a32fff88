import { addRunning, mergeRunning, type Running, running } from "@sonde/core";
import type { Metric, ObservedPlace } from "@sonde/nets";
import { type ActivationStatistics, activationStatistics } from "./activation-statistics.js";
import { type OutputStatistics, outputStatistics, startingCrossEntropy } from "./output-statistics.js";
import type { SignalPlaces } from "./places.js";
import { type SlopeStatistics, slopeStatistics } from "./slope-statistics.js";

/** The numbers of one hidden layer, each a mean over networks. */
export type LayerNumber = keyof ActivationStatistics | keyof SlopeStatistics;

/** The numbers of the outputs. */
export type OutputNumber = keyof OutputStatistics | "crossEntropy";

/** What is known of one network. */
export interface SignalTrace {
  readonly layers: Partial<Record<LayerNumber, number>>[];
  readonly output: Partial<Record<OutputNumber, number>>;
}

export interface SignalState {
  networks: number;
  readonly layers: Partial<Record<LayerNumber, Running>>[];
  readonly output: Partial<Record<OutputNumber, Running>>;
  /** (ln mean square at the last layer - at the first) / (layers - 1), of networks that have both. */
  readonly growth: Running;
}

/**
 * Looks at every hidden layer of every network, at the pre-activations before it and at the outputs: what `measureSignal` reports. Logarithms of what is 0 are left out of the means, and their
 * counts tell.
 */
export const signalMetric: Metric<SignalPlaces, SignalTrace, SignalState> = {
  name: "signal",
  needs: ["outputs"],
  trace: ({ options }) => ({ layers: options.layers.map(() => ({})), output: {} }),
  visit({ layers, output }, place, { options }) {
    const { data } = place.activations();
    const { exponent } = place;
    options.layers.forEach(({ path, units, slope }, l) => {
      if (path === place.path) Object.assign(layers[l], activationStatistics({ data, units, exponent }));
      if (slope?.path === place.path)
        Object.assign(layers[l], slopeStatistics(slope.activation, { data, units: slope.units, exponent }, slope));
    });
    if (place.path !== options.output.path && place.path !== options.output.logits) return;
    const values = { data: scaled(place), outputs: options.output.outputs };
    if (place.path === options.output.logits) Object.assign(output, { crossEntropy: startingCrossEntropy(values) });
    if (place.path === options.output.path) Object.assign(output, outputStatistics(values));
  },
  empty: ({ options }) => ({ networks: 0, layers: options.layers.map(() => ({})), output: {}, growth: running() }),
  fold(state, { layers, output }) {
    state.networks++;
    layers.forEach((numbers, l) => {
      addNumbers(state.layers[l], numbers);
    });
    addNumbers(state.output, output);
    const [first, last] = [layers[0]?.logMeanSquare, layers.at(-1)?.logMeanSquare];
    if (layers.length > 1 && first !== undefined && last !== undefined && Number.isFinite(last - first))
      addRunning(state.growth, (last - first) / (layers.length - 1));
  },
  merge(state, next) {
    state.networks += next.networks;
    next.layers.forEach((numbers, l) => {
      mergeNumbers(state.layers[l], numbers);
    });
    mergeNumbers(state.output, next.output);
    mergeRunning(state.growth, next.growth);
  },
};

/** The values at their true scale; beyond float64 they are infinite or 0. */
function scaled({ activations, exponent }: ObservedPlace): ArrayLike<number> {
  const { data } = activations();
  if (exponent === 0) return data;
  const scale = 2 ** exponent;
  return Float64Array.from(data, (value) => value * scale);
}

function addNumbers<Name extends string>(target: Partial<Record<Name, Running>>, numbers: Partial<Record<Name, number>>): void {
  for (const name of Object.keys(numbers) as Name[]) {
    const value = numbers[name];
    target[name] ??= running();
    const sums = target[name];
    if (sums && value !== undefined && Number.isFinite(value)) addRunning(sums, value);
  }
}

function mergeNumbers<Name extends string>(target: Partial<Record<Name, Running>>, next: Partial<Record<Name, Running>>): void {
  for (const name of Object.keys(next) as Name[]) {
    const sums = next[name];
    target[name] ??= running();
    const own = target[name];
    if (sums && own) mergeRunning(own, sums);
  }
}
