import { type Architecture, type Layer, mapBranches, mapLayers, someLayer } from "@sonde/nets";
import { hiddenActivations, mapHidden } from "./edit.js";
import type { Remedy } from "./remedy.js";

type Norm = "batch" | "layer";

const costs: Record<Norm, Pick<Remedy, "cost" | "leaves">> = {
  batch: {
    cost: "a batch of at least two points, two numbers a unit",
    leaves: "no unit is dead on a batch, but that gives no point that lives through all layers, and nothing in evaluation mode",
  },
  layer: {
    cost: "two numbers a unit",
    leaves: "a layer is dead only where all its pre-activations are equal; in layers of one or two units little signal is left",
  },
};

/** Normalisation where there is none, another kind of it, elsewhere, or none. */
export const normalisations: readonly Remedy[] = [
  {
    name: "no-norm",
    family: "normalisation",
    cost: "nothing",
    leaves: "nothing sets the scale of the signal but the initial weights",
    change: (architecture) => {
      if (!someLayer(architecture.layers, isNorm)) return undefined;
      return {
        change: "no normalisation",
        choices: { norm: "none" },
        architecture: { ...architecture, layers: mapLayers(architecture.layers, (layer) => (isNorm(layer) ? [] : layer)) },
      };
    },
  },
  normalisation("batch"),
  normalisation("layer"),
  {
    name: "norm-first",
    family: "normalisation",
    cost: "nothing",
    leaves: "the output of the last layer is not normalised",
    change: (architecture) => {
      const layers = normFirst(architecture.layers);
      return JSON.stringify(layers) === JSON.stringify(architecture.layers)
        ? undefined
        : {
            change: "normalisation before each activation or branch instead of after it",
            architecture: { ...architecture, layers },
          };
    },
  },
];

/** Normalisation before every activation of a hidden layer; where there is another kind, in its place. */
function normalisation(norm: Norm): Remedy {
  return {
    name: `${norm}-norm`,
    family: "normalisation",
    ...costs[norm],
    change: (architecture) => {
      const { layers } = architecture;
      if (hiddenActivations(architecture).length === 0) return undefined;
      const kinds = normKinds(layers);
      if (kinds.length > 0)
        return kinds.every((kind) => kind === norm)
          ? undefined
          : {
              change: `${norm} normalisation instead of ${kinds.filter((kind) => kind !== norm).join(" and ")} normalisation`,
              choices: { norm },
              architecture: {
                ...architecture,
                layers: mapLayers(layers, (layer) => (isNorm(layer) ? { ...layer, norm } : layer)),
              },
            };
      return {
        change: `${norm} normalisation before each activation`,
        choices: { norm },
        architecture: { ...architecture, layers: normalised(architecture, norm) },
      };
    },
  };
}

function normalised(architecture: Architecture, norm: Norm): Layer[] {
  return mapHidden(architecture, (layer) => (layer.kind === "activation" ? [{ kind: "norm", norm }, layer] : layer));
}

function isNorm(layer: Layer): boolean {
  return layer.kind === "norm";
}

function normKinds(layers: readonly Layer[]): string[] {
  const kinds = new Set<string>();
  someLayer(layers, (layer) => {
    if (layer.kind === "norm") kinds.add(layer.norm);
    return false;
  });
  return [...kinds];
}

/** Every norm that follows an activation goes before it, and every norm that follows a residual block to the start of its branch, inside blocks too. */
function normFirst(layers: readonly Layer[]): Layer[] {
  const result: Layer[] = [];
  for (const layer of layers) {
    const last = result.at(-1);
    if (layer.kind === "norm" && last?.kind === "activation") result.splice(-1, 1, layer, last);
    else if (layer.kind === "norm" && last?.kind === "residual") result.splice(-1, 1, { ...last, body: [layer, ...last.body] });
    else result.push(mapBranches(layer, normFirst));
  }
  return result;
}
