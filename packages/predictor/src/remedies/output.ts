import { activation } from "@sonde/core";
import type { Architecture, Layer } from "@sonde/nets";
import { outputActivations } from "./edit.js";
import type { Remedy } from "./remedy.js";

/** Other activations of the output, or none. */
export const outputs: readonly Remedy[] = [
  {
    name: "linear-output",
    family: "output",
    cost: "targets of any sign, or a loss that takes logits",
    leaves: "what happens in the hidden layers",
    change: (architecture) => {
      const names = namesOf(architecture);
      if (names.length === 0) return undefined;
      return { change: `a linear output, without its ${names.join(" and ")}`, architecture: replaced(architecture, []) };
    },
  },
  {
    name: "sigmoid-output",
    family: "output",
    cost: "targets between 0 and 1",
    leaves: "what happens in the hidden layers; large outputs saturate it",
    change: (architecture) => {
      const names = namesOf(architecture);
      if (!names.some((name) => activation(name).vanishes)) return undefined;
      return {
        change: `a sigmoid output instead of ${names.join(" and ")}`,
        architecture: replaced(architecture, [{ kind: "activation", activation: "sigmoid" }]),
      };
    },
  },
];

function namesOf(architecture: Architecture): string[] {
  return outputActivations(architecture).flatMap((at) => {
    const layer = architecture.layers[at];
    return layer.kind === "activation" ? [layer.activation] : [];
  });
}

/** The architecture with other layers in place of the first activation of its output, and no others. */
function replaced(architecture: Architecture, by: readonly Layer[]): Architecture {
  const at = outputActivations(architecture);
  return {
    ...architecture,
    layers: architecture.layers.flatMap((layer, index) => (index === at[0] ? by : at.includes(index) ? [] : [layer])),
  };
}
