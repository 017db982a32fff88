import type { Layer, LayerInit } from "./architecture.js";
import { branchesOf, mapBranches } from "./branches.js";

/** The layers with a change made to each that is not a block, inside blocks too; a change may put several layers or none in its place. */
export function mapLayers(layers: readonly Layer[], change: (layer: Layer) => Layer | readonly Layer[]): Layer[] {
  return layers.flatMap((layer) =>
    branchesOf(layer).length > 0 ? mapBranches(layer, (inner) => mapLayers(inner, change)) : change(layer),
  );
}

/** All layers, a block before those inside it. */
export function allLayers(layers: readonly Layer[]): Layer[] {
  return layers.flatMap((layer) => [layer, ...branchesOf(layer).flatMap((branch) => allLayers(branch.layers))]);
}

/** Whether some layer, inside blocks too, is as asked. */
export function someLayer(layers: readonly Layer[], asked: (layer: Layer) => boolean): boolean {
  return allLayers(layers).some(asked);
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
