import type { Architecture } from "../architecture.js";
import { inferShapes, type ShapedLayer } from "../shapes.js";

/** The architecture up to its last hidden layer: what follows, such as the output layer, is not observed and need not be drawn. */
export function observedPart(architecture: Architecture): Architecture {
  const observed = inferShapes(architecture).map(({ hidden }) => hidden !== undefined);
  return { ...architecture, layers: architecture.layers.slice(0, observed.lastIndexOf(true) + 1) };
}

/** The paths of all layers up to the last hidden one, blocks included: what metrics that look everywhere see, even where gradients need more of the network. */
export function observedPaths(architecture: Architecture): ReadonlySet<string> {
  const paths = (layers: readonly ShapedLayer[]): string[] => layers.flatMap(({ path, body }) => [path, ...paths(body)]);
  return new Set(paths(inferShapes(observedPart(architecture))));
}
