import { type Architecture, branchesOf, type Layer, type LayerInit, type MlpOptions, mapBranches, mlp } from "@sonde/nets";

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

/** The layers with another initialisation of every layer that has one. */
export function reinitialised(layers: readonly Layer[], init: (now: LayerInit) => LayerInit): Layer[] {
  return mapLayers(layers, (layer) => {
    if (layer.kind !== "dense" && layer.kind !== "conv") return layer;
    const { init: name, weightVariance, bias, ...rest } = layer;
    const chosen = init({ init: name, weightVariance, bias });
    return { ...rest, ...JSON.parse(JSON.stringify(chosen)) };
  });
}

/** A chain dense, activation, ..., dense with the same choices in every layer. */
export interface Chain {
  readonly hidden: readonly number[];
  /** The architecture with other hidden widths, or other choices too. */
  readonly rebuilt: (hidden: readonly number[], more?: MlpOptions) => Architecture;
}

/** The architecture as a chain; `undefined` for anything else, and without hidden layers. */
export function chainOf({ input, layers }: Architecture): Chain | undefined {
  const last = layers.at(-1);
  const first = layers[1];
  if (last?.kind !== "dense" || first?.kind !== "activation" || input.length !== 1) return undefined;
  const { kind: _kind, units: outputs, ...init } = last;
  const hidden: number[] = [];
  for (let l = 0; l + 1 < layers.length; l += 2) {
    const [dense, activation] = [layers[l], layers[l + 1]];
    if (dense.kind !== "dense" || activation.kind !== "activation" || activation.activation !== first.activation)
      return undefined;
    if (dense.init !== init.init || dense.bias !== init.bias || dense.weightVariance !== init.weightVariance) return undefined;
    hidden.push(dense.units);
  }
  const options = { ...init, activation: first.activation };
  return { hidden, rebuilt: (widths, more = {}) => mlp([input[0], ...widths, outputs], { ...options, ...more }) };
}
