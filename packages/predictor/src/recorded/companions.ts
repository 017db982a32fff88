import { ConfigError, quote, ShapeError } from "@sonde/core";
import type { RecordedArray } from "./arrays.js";

/** What an array beside that of a layer holds, by the ending of its name. */
const endings = { ".pre": "preActivations", ".grad": "gradients", ".weight_grad": "weightGradients" } as const;

/**
 * Recorded arrays with what was recorded beside them: `NAME.pre` (what goes into the activation), `NAME.grad` (dL/d of the activations) and `NAME.weight_grad` (dL/dW) belong to the layer `NAME` where there is one.
 *
 * Throws `ShapeError` where such an array has another shape than its layer, `ConfigError` where a name is there twice.
 *
 * @example
 * const array = (name: string) => ({ name, shape: [1, 2], data: Float64Array.of(1, 2) });
 * withCompanions([array("fc1"), array("fc1.pre"), array("fc2.grad")]).map(({ name }) => name) // ["fc1", "fc2.grad"]
 */
export function withCompanions(arrays: readonly RecordedArray[]): RecordedArray[] {
  const layers = new Map<string, RecordedArray>();
  for (const array of arrays) {
    if (layers.has(array.name)) throw new ConfigError(`the array ${quote(array.name)} is there twice: give each its own name`);
    layers.set(array.name, array);
  }
  for (const array of arrays)
    for (const [ending, field] of Object.entries(endings)) {
      const layer = array.name.endsWith(ending) && layers.get(array.name.slice(0, -ending.length));
      if (!layer) continue;
      if (field !== "weightGradients" && array.shape.join() !== layer.shape.join())
        throw new ShapeError(
          `${quote(array.name)} has the shape [${array.shape.join(", ")}], but its layer ${quote(layer.name)} has [${layer.shape.join(", ")}]: record both alike`,
        );
      layers.set(layer.name, { ...layer, [field]: array.data });
      layers.delete(array.name);
    }
  return [...layers.values()];
}
