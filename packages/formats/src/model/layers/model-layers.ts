import type { ModelFile } from "../model-file.js";
import { kerasLayers } from "./keras-layers.js";
import type { ModelLayer } from "./layer.js";
import { onnxLayers } from "./onnx-layers.js";
import { weightsLayers } from "./weights-layers.js";

/**
 * The layers of a model file, in an order in which they can be computed: operators that are one thing are one layer (a product and its bias, layer norm, GELU, the core of attention). For files of weights alone, what names and shapes tell, without connections.
 *
 * `model -> layers`. Nothing is refused: a layer that is not known is `other`, with the reason in `unsupported`.
 *
 * @example
 * const weight = { name: "fc.weight", shape: [3, 2], type: "float32", values: () => new Float32Array(6) };
 * const file = { format: "safetensors", version: "", producer: null, inputs: [], outputs: [], tensors: [weight], nodes: null, shapes: {}, metadata: {}, notes: [] } as const;
 * modelLayers(file)[0].options.units // 3
 */
export function modelLayers(model: ModelFile): ModelLayer[] {
  if (model.nodes === null) return weightsLayers(model);
  return model.format === "onnx" ? onnxLayers(model) : kerasLayers(model);
}
