import type { Architecture } from "../architecture.js";
import { inferShapes } from "../shapes.js";

/** The architecture up to its last hidden layer: what follows, such as the output layer, is not observed and need not be drawn. */
export function observedPart(architecture: Architecture): Architecture {
  const observed = inferShapes(architecture).map(({ hidden }) => hidden !== undefined);
  return { ...architecture, layers: architecture.layers.slice(0, observed.lastIndexOf(true) + 1) };
}
