import { activation } from "@sonde/core";
import { type Architecture, isSameInit, type LayerInit, reinitialised, someLayer } from "@sonde/nets";
import { drawnLayers, initChoices } from "./edit.js";
import type { Remedy } from "./remedy.js";
import { rescaled } from "./rescale.js";

/** Other initialisations: nothing but the numbers that training starts from. */
export const initialisations: readonly Remedy[] = [
  rescaled,
  initialisation({
    name: "he",
    words: "He initialisation, zero bias",
    init: () => ({}),
    leaves: "a ReLU layer of N units is dead at an input with probability 2^-N",
  }),
  initialisation({
    name: "he-bias",
    words: "He initialisation, Gaussian bias",
    init: () => ({ bias: "like-weights" }),
    leaves: "points still die: biases let a layer live on some inputs only",
  }),
  initialisation({
    name: "pytorch",
    words: "PyTorch's default initialisation",
    init: () => ({ init: "pytorch" }),
    leaves: "the signal shrinks to a sixth of its variance in every ReLU layer, and layers die as with He",
  }),
  initialisation({
    name: "glorot",
    words: "Glorot initialisation",
    init: () => ({ init: "glorot-normal" }),
    leaves: "the signal halves in every ReLU layer, and layers die as with He",
  }),
  initialisation({
    name: "orthogonal",
    words: "orthogonal initialisation",
    init: () => ({ init: "orthogonal", weightVariance: 2 }),
    leaves: "ReLU still folds inputs together, and narrow layers still die",
  }),
  initialisation({
    name: "lsuv",
    words: "layer-sequential unit variance",
    init: () => ({ init: "lsuv" }),
    cost: "a batch of data before training",
    leaves: "it mends the scale only: signs, and so death, are those of orthogonal weights",
  }),
  initialisation({
    name: "rai",
    words: "randomized asymmetric initialisation",
    init: () => ({ init: "rai" }),
    applies: hasRelu,
    leaves: "units share a direction, so that inputs become parallel sooner; narrow networks still die",
  }),
  ...(["layer", "neuron"] as const).map((what) =>
    initialisation({
      name: `sign-flip-${what}`,
      words: `sign flips of ${what === "layer" ? "layers" : "units"}`,
      init: ({ init = "he-normal", weightVariance, bias }) => ({
        weightVariance,
        bias,
        init: `sign-flip-${what}${init === "he-normal" ? "" : `:${init.replace(/^sign-flip-[^:]+:?/, "") || "he-normal"}`}`,
      }),
      applies: canDie,
      cost: "a batch of data before training, whose points stay alive",
      leaves:
        "at least 2^-k of the points live through k layers, on that batch only; angles shrink as before, and flips of units make the signal grow",
    }),
  ),
];

function initialisation({
  name,
  words,
  init,
  applies = () => true,
  cost = "nothing",
  leaves,
}: {
  readonly name: string;
  readonly words: string;
  readonly init: (now: LayerInit) => LayerInit;
  readonly applies?: (architecture: Architecture) => boolean;
  readonly cost?: string;
  readonly leaves: string;
}): Remedy {
  return {
    name,
    family: "init",
    cost,
    leaves,
    change: (architecture) => {
      if (!applies(architecture)) return undefined;
      const drawn = drawnLayers(architecture.layers);
      if (drawn.every((layer) => isSameInit(layer, init(layer)))) return undefined;
      return {
        change: words,
        choices: initChoices(init(drawn[0])),
        architecture: { ...architecture, layers: reinitialised(architecture.layers, init) },
      };
    },
  };
}

function hasRelu({ layers }: Architecture): boolean {
  return someLayer(layers, (layer) => layer.kind === "activation" && layer.activation === "relu");
}

function canDie({ layers }: Architecture): boolean {
  return someLayer(layers, (layer) => layer.kind === "activation" && activation(layer.activation).vanishes);
}
