import { type Architecture, inferShapes, type Layer } from "@sonde/nets";

/**
 * The shallow network of an architecture: its layers up to the first hidden layer, then those after its last one. `undefined` where the two do not fit, or it has one hidden layer already.
 *
 * @example
 * shallowOf(mlp("2-8x20-1"))?.layers.length // 3
 */
export function shallowOf(architecture: Architecture): Architecture | undefined {
  const layers = inferShapes(architecture);
  const hidden = layers.flatMap(({ hidden }, index) => (hidden === undefined ? [] : [index]));
  if (hidden.length < 2) return undefined;
  const kept: Layer[] = [
    ...architecture.layers.slice(0, hidden[0] + 1),
    ...architecture.layers.slice(hidden[hidden.length - 1] + 1),
  ];
  const shallow = { ...architecture, layers: kept };
  try {
    const output = inferShapes(shallow).at(-1)?.output;
    return String(output) === String(layers.at(-1)?.output) ? shallow : undefined;
  } catch {
    return undefined;
  }
}
