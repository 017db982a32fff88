import { split } from "@sonde/core";
import type { Address, EnsembleKernels } from "@sonde/kernels";
import { layerInitialiser } from "../../layer-initialiser.js";
import { type ShapedLayer, size } from "../../shapes.js";
import { networkStream } from "../plan.js";
import { lanes } from "./machine.js";

/** Weights whose entries are not independent: drawn in float64, network by network, and kept for all uses. */
export interface KeptWeights {
  /** Weights [fan-in][outputs][4] and biases [outputs][4] of a layer, if they are kept. */
  readonly of: (shaped: ShapedLayer) => { readonly weights: Address; readonly bias: Address } | undefined;
  /** Draws those of the four networks from number `group` on. */
  readonly fill: (group: number) => void;
}

/** Room for the weights of these layers that cannot be drawn entry by entry, and what fills it. */
export function keepWeights(layers: readonly ShapedLayer[], kernels: EnsembleKernels, seed: number): KeptWeights {
  const rooms = new Map<number, { weights: Address; bias: Address }>();
  const fills: ((group: number) => void)[] = [];
  const visit = ({ layer, weights, parameters = 0, branches }: ShapedLayer): void => {
    branches.flat().forEach(visit);
    const initialiser = weights && layerInitialiser(layer);
    if (!initialiser || initialiser.law?.(weights)) return;
    const count = size(weights.kernel) * weights.inputs * weights.outputs;
    const room = { weights: kernels.allocate(16 * count), bias: kernels.allocate(16 * weights.outputs) };
    rooms.set(parameters, room);
    fills.push((group) => {
      for (let lane = 0; lane < lanes; lane++) {
        const drawn = initialiser.draw(split(networkStream(seed, group + lane), parameters), weights);
        spread(drawn.weights.data, kernels.floats(room.weights, lanes * count), lane);
        spread(drawn.bias, kernels.floats(room.bias, lanes * weights.outputs), lane);
      }
    });
  };
  layers.forEach(visit);
  return {
    of: ({ parameters = -1 }) => rooms.get(parameters),
    fill: (group) => {
      for (const fill of fills) fill(group);
    },
  };
}

function spread(values: Float64Array, interleaved: Float32Array, lane: number): void {
  for (let k = 0; k < values.length; k++) interleaved[lanes * k + lane] = values[k];
}
