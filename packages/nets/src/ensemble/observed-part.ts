import type { Architecture } from "../architecture.js";
import { inferShapes, type ShapedLayer } from "../shapes.js";

/** The layers that are walked through: all of them where outputs are asked for, otherwise up to the last hidden layer, since what follows need not be drawn. */
export function observedLayers(architecture: Architecture, outputs = false): readonly ShapedLayer[] {
  const layers = inferShapes(architecture);
  return outputs ? layers : layers.slice(0, layers.map(({ hidden }) => hidden !== undefined).lastIndexOf(true) + 1);
}

/** The paths of these layers, blocks included: what metrics that look everywhere see, even where gradients need more of the network. */
export function observedPaths(architecture: Architecture, outputs = false): ReadonlySet<string> {
  const paths = (layers: readonly ShapedLayer[]): string[] =>
    layers.flatMap(({ path, branches }) => [path, ...branches.flatMap(paths)]);
  return new Set(paths(observedLayers(architecture, outputs)));
}
