import { activation } from "@sonde/core";
import { type Architecture, type Layer, type LayerInit, reinitialised } from "@sonde/nets";
import { drawnLayers, hiddenActivations, initChoices, mapHidden } from "./edit.js";
import type { Change, Remedy } from "./remedy.js";

/** Activations that die: what is offered for them first. */
const vanishing = (name: string) => activation(name).vanishes;
/** Activations with a largest value. */
const bounded = (name: string) => /^(sigmoid|hard-sigmoid|tanh|hard-tanh|erf|softsign|gaussian|sin|cos|sign)\b/.test(name);
/** Activations whose mean is not 0 for centred inputs, however small these are. */
const oneSigned = (name: string) => /^(sigmoid|hard-sigmoid)\b/.test(name);

/** Other activations of the hidden layers, with the initialisation that goes with them where the usual one does not. */
export const activations: readonly Remedy[] = [
  other({
    name: "leaky-relu",
    words: "leaky ReLU",
    to: "leaky-relu:0.01",
    from: vanishing,
    leaves: "inputs become parallel as with ReLU, and where every unit is negative a hundredth of the signal is left",
  }),
  other({
    name: "elu",
    words: "ELU",
    to: "elu",
    from: vanishing,
    leaves: "with He's variance the signal grows by a fifth a layer where it is large",
  }),
  other({
    name: "gelu",
    words: "GELU",
    to: "gelu",
    from: (name) => vanishing(name) || bounded(name),
    init: (name) => (bounded(name) ? "he-normal" : undefined),
    leaves: "with He's variance a small signal shrinks by half a layer",
  }),
  other({
    name: "silu",
    words: "SiLU",
    to: "silu",
    from: vanishing,
    leaves: "with He's variance a small signal shrinks by half a layer",
  }),
  other({
    name: "selu",
    words: "SELU with LeCun's initialisation",
    to: "selu",
    from: (name) => vanishing(name) || bounded(name),
    init: () => "lecun-normal",
    leaves: "it keeps mean 0 and variance 1 where the layers are wide",
  }),
  other({
    name: "tanh",
    words: "tanh with Glorot's initialisation",
    to: "tanh",
    from: (name) => vanishing(name) || oneSigned(name),
    init: () => "glorot-normal",
    leaves: "large signals saturate it, and gradients shrink there",
  }),
  other({
    name: "relu",
    words: "ReLU with He's initialisation",
    to: "relu",
    from: bounded,
    init: () => "he-normal",
    leaves: "a ReLU layer of N units is dead at an input with probability 2^-N",
  }),
];

function other({
  name,
  words,
  to,
  from,
  init = () => undefined,
  leaves,
}: {
  readonly name: string;
  readonly words: string;
  readonly to: string;
  /** Whether a hidden activation is replaced. */
  readonly from: (activation: string) => boolean;
  /** The initialisation that goes with it, in place of an activation; as it is if `undefined`. */
  readonly init?: (activation: string) => string | undefined;
  readonly leaves: string;
}): Remedy {
  return {
    name,
    family: "activation",
    cost: "nothing",
    leaves,
    change: (architecture) => {
      const replaced = hiddenActivations(architecture).filter((own) => from(own) && own !== activation(to).name);
      if (replaced.length === 0) return undefined;
      const started = init(replaced[0]);
      const layers = exchanged(architecture, replaced, to);
      return {
        change: `${words} instead of ${replaced.map(shown).join(" and ")}`,
        ...chosen({ ...architecture, layers }, { activation: to }, started === undefined ? undefined : { init: started }),
      };
    },
  };
}

/** The change with another initialisation too, if there is one. */
function chosen(
  architecture: Architecture,
  choices: NonNullable<Change["choices"]>,
  init: LayerInit | undefined,
): Pick<Change, "architecture" | "choices"> {
  if (!init || drawnLayers(architecture.layers).length === 0) return { architecture, choices };
  const layers = reinitialised(architecture.layers, () => init);
  return { architecture: { ...architecture, layers }, choices: { ...choices, ...initChoices(init) } };
}

/** The layers with another activation in place of some hidden ones. */
function exchanged(architecture: Architecture, replaced: readonly string[], to: string): Layer[] {
  return mapHidden(architecture, (layer) =>
    layer.kind === "activation" && replaced.includes(activation(layer.activation).name)
      ? { ...layer, activation: activation(to).name }
      : layer,
  );
}

function shown(name: string): string {
  return name === "relu" ? "ReLU" : name;
}
