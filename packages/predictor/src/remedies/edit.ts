import { activation } from "@sonde/core";
import { type Architecture, type Chain, chainOf, type Layer, type LayerInit, mapLayers, someLayer } from "@sonde/nets";
import type { Choices } from "./remedy.js";

/** A layer whose weights are drawn by a choice. */
export type Drawn = Extract<Layer, LayerInit>;

function isDrawn(layer: Layer): layer is Drawn {
  return layer.kind === "dense" || layer.kind === "conv";
}

/** The layers whose weights are drawn by a choice, inside blocks too, in order. */
export function drawnLayers(layers: readonly Layer[]): Drawn[] {
  const found: Drawn[] = [];
  someLayer(layers, (layer) => {
    if (isDrawn(layer)) found.push(layer);
    return false;
  });
  return found;
}

/** Initialisers that set weights and biases themselves, and take neither a variance nor a bias. */
const whole = ["rai", "pytorch", "keras"];

/** The choices that say an initialisation wholly, whatever was chosen before. */
export function initChoices({ init = "he-normal", weightVariance, bias }: LayerInit): Choices {
  const fixed = whole.includes(init.replace(/^sign-flip-[^:]+:/, ""));
  return { init, weightVariance: weightVariance ?? "default", bias: bias ?? (fixed ? "default" : "zeros") };
}

/** The indices of the activations that come after the last layer with weights: they belong to the output. */
export function outputActivations(architecture: Architecture): number[] {
  const { layers } = architecture;
  let last = layers.length - 1;
  while (last >= 0 && !someLayer([layers[last]], hasWeights)) last--;
  return last < 0 ? [] : layers.flatMap(({ kind }, index) => (index > last && kind === "activation" ? [index] : []));
}

function hasWeights(layer: Layer): boolean {
  return isDrawn(layer) || layer.kind === "embedding";
}

/** The layers with a change made to each that is not a block, inside blocks too, but not to the activations of the output. */
export function mapHidden(architecture: Architecture, change: (layer: Layer) => Layer | readonly Layer[]): Layer[] {
  const output = outputActivations(architecture);
  return architecture.layers.flatMap((layer, index) => (output.includes(index) ? [layer] : mapLayers([layer], change)));
}

/** The names of the activations of the hidden layers, each once, in order; that of the output is not among them. */
export function hiddenActivations(architecture: Architecture): string[] {
  const output = outputActivations(architecture);
  const names = new Set<string>();
  someLayer(
    architecture.layers.filter((_, index) => !output.includes(index)),
    (layer) => {
      if (layer.kind === "activation") names.add(activation(layer.activation).name);
      return false;
    },
  );
  return [...names];
}

/** Chains of architectures that are looked at by one remedy after the other. */
const chains = new WeakMap<Architecture, Chain | "none">();

/** The architecture as a chain, found once; see `chainOf`. */
export function chainIn(architecture: Architecture): Chain | undefined {
  const known = chains.get(architecture) ?? chainOf(architecture) ?? "none";
  chains.set(architecture, known);
  return known === "none" ? undefined : known;
}
