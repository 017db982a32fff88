import type { Architecture } from "../architecture.js";
import { inferShapes } from "../shapes.js";

/** What has been cut off, by the architecture it was cut from. */
const parts = new WeakMap<Architecture, Architecture>();

/** The architecture up to its last hidden layer: what follows, such as the output layer, is not observed and need not be drawn. */
export function observedPart(architecture: Architecture): Architecture {
  const known = parts.get(architecture);
  if (known) return known;
  const observed = inferShapes(architecture).map(({ hidden }) => hidden !== undefined);
  const part = { ...architecture, layers: architecture.layers.slice(0, observed.lastIndexOf(true) + 1) };
  parts.set(architecture, part);
  return part;
}
