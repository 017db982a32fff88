import { mapLayers, someLayer } from "./edit.js";
import type { Remedy } from "./remedy.js";

export const normalisations: readonly Remedy[] = [
  normalisation("batch", {
    cost: "a batch of at least two points, two numbers a unit",
    leaves: "no unit is dead on a batch, but that gives no point that lives through all layers, and nothing in evaluation mode",
  }),
  normalisation("layer", {
    cost: "two numbers a unit",
    leaves: "a layer is dead only where all its pre-activations are equal; in layers of one or two units little signal is left",
  }),
];

/** Normalisation before every activation, where there is none yet. */
function normalisation(norm: "batch" | "layer", { cost, leaves }: Pick<Remedy, "cost" | "leaves">): Remedy {
  return {
    name: `${norm}-norm`,
    family: "normalisation",
    cost,
    leaves,
    change: (architecture) => {
      const { layers } = architecture;
      if (someLayer(layers, ({ kind }) => kind === "norm") || !someLayer(layers, ({ kind }) => kind === "activation"))
        return undefined;
      return {
        change: `${norm} normalisation before each activation (--norm ${norm})`,
        architecture: {
          ...architecture,
          layers: mapLayers(layers, (layer) => (layer.kind === "activation" ? [{ kind: "norm", norm }, layer] : layer)),
        },
      };
    },
  };
}
