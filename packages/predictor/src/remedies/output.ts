import { activation } from "@sonde/core";
import type { Architecture } from "@sonde/nets";
import { outputActivation } from "./edit.js";
import type { Remedy } from "./remedy.js";

/** Other activations of the output, or none. */
export const outputs: readonly Remedy[] = [
  {
    name: "linear-output",
    family: "output",
    cost: "targets of any sign, or a loss that takes logits",
    leaves: "what happens in the hidden layers",
    change: (architecture) => {
      const at = outputActivation(architecture.layers);
      if (at < 0) return undefined;
      return {
        change: `a linear output, without its ${nameAt(architecture, at)}`,
        architecture: { ...architecture, layers: architecture.layers.filter((_, index) => index !== at) },
      };
    },
  },
  {
    name: "sigmoid-output",
    family: "output",
    cost: "targets between 0 and 1",
    leaves: "what happens in the hidden layers; large outputs saturate it",
    change: (architecture) => {
      const at = outputActivation(architecture.layers);
      if (at < 0 || !activation(nameAt(architecture, at)).vanishes) return undefined;
      return {
        change: `a sigmoid output instead of ${nameAt(architecture, at)}`,
        architecture: {
          ...architecture,
          layers: architecture.layers.map((layer, index) =>
            index === at ? { kind: "activation", activation: "sigmoid" } : layer,
          ),
        },
      };
    },
  },
];

function nameAt({ layers }: Architecture, at: number): string {
  const layer = layers[at];
  return layer.kind === "activation" ? layer.activation : layer.kind;
}
