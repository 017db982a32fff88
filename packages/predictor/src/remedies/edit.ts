import { activation } from "@sonde/core";
import {
  type Architecture,
  branchesOf,
  inferShapes,
  type Layer,
  type LayerInit,
  type MlpOptions,
  mapBranches,
  mlp,
} from "@sonde/nets";
import type { Choices } from "./remedy.js";
import { sameArchitecture } from "./same.js";

/** The layers with a change made to each that is not a block, inside blocks too; a change may put several layers or none in its place. */
export function mapLayers(layers: readonly Layer[], change: (layer: Layer) => Layer | readonly Layer[]): Layer[] {
  return layers.flatMap((layer) =>
    branchesOf(layer).length > 0 ? mapBranches(layer, (inner) => mapLayers(inner, change)) : change(layer),
  );
}

/** Whether some layer, inside blocks too, is as asked. */
export function someLayer(layers: readonly Layer[], asked: (layer: Layer) => boolean): boolean {
  return layers.some((layer) => asked(layer) || branchesOf(layer).some((branch) => someLayer(branch.layers, asked)));
}

/** A layer whose weights are drawn by a choice. */
export type Drawn = Extract<Layer, LayerInit>;

export function isDrawn(layer: Layer): layer is Drawn {
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

/** The layers with another initialisation of every layer that has one. */
export function reinitialised(layers: readonly Layer[], init: (now: LayerInit) => LayerInit): Layer[] {
  return mapLayers(layers, (layer) => {
    if (!isDrawn(layer)) return layer;
    const { init: name, weightVariance, bias, ...rest } = layer;
    const chosen = init({ init: name, weightVariance, bias });
    return { ...rest, ...JSON.parse(JSON.stringify(chosen)) };
  });
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
  return inferShapes(architecture).flatMap(({ layer, afterWeights }, index) =>
    afterWeights && layer.kind === "activation" ? [index] : [],
  );
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

/** A chain dense, norm or not, activation, ..., dense with the same choices in every layer, and perhaps an activation of the output. */
export interface Chain {
  readonly input: number;
  readonly hidden: readonly number[];
  readonly outputs: number;
  /** The architecture with other hidden widths, or other choices too. */
  readonly rebuilt: (hidden: readonly number[], more?: MlpOptions) => Architecture;
}

/** The architecture as a chain; `undefined` for anything else, and without hidden layers. */
export function chainOf(architecture: Architecture): Chain | undefined {
  const { layers, ...rest } = architecture;
  const [output = layers.length] = outputActivations(architecture);
  const [before, after] = [layers.slice(0, output), layers.slice(output)];
  const last = before.at(-1);
  const widths = before.flatMap((layer) => (layer.kind === "dense" ? [layer.units] : []));
  const activated = before.find(({ kind }) => kind === "activation");
  if (last?.kind !== "dense" || activated?.kind !== "activation" || rest.input.length !== 1) return undefined;
  const norm = before.find(({ kind }) => kind === "norm");
  const { kind: _kind, units: _units, ...init } = last;
  const options = { ...init, activation: activated.activation, ...(norm?.kind === "norm" && { norm: norm.norm }) };
  const [input] = rest.input;
  const outputs = last.units;
  const rebuilt = (hidden: readonly number[], more: MlpOptions = {}): Architecture => ({
    ...rest,
    layers: [...mlp([input, ...hidden, outputs], { ...options, ...more }).layers, ...after],
  });
  const hidden = widths.slice(0, -1);
  return sameArchitecture(rebuilt(hidden), architecture) ? { input, hidden, outputs, rebuilt } : undefined;
}
