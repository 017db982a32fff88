import { mapLayers } from "./edit.js";
import type { Remedy } from "./remedy.js";

const leaky = "leaky-relu:0.01";

/** A slope below zero: no unit is ever exactly zero. */
export const leakyRelu: Remedy = {
  name: "leaky-relu",
  family: "activation",
  cost: "nothing",
  leaves: "inputs become parallel as with ReLU, and where every unit is negative a hundredth of the signal is left",
  change: (architecture) => {
    let found = false;
    const layers = mapLayers(architecture.layers, (layer) => {
      if (layer.kind !== "activation" || layer.activation !== "relu") return layer;
      found = true;
      return { ...layer, activation: leaky };
    });
    return found
      ? { change: `leaky ReLU instead of ReLU (--activation ${leaky})`, architecture: { ...architecture, layers } }
      : undefined;
  },
};
