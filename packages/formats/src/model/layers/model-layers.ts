import type { ModelFile } from "../model-file.js";
import { kerasLayers } from "./keras-layers.js";
import type { ModelLayer } from "./layer.js";
import { onnxLayers } from "./onnx-layers.js";
import { weightsLayers } from "./weights-layers.js";

/**
 * The layers of a model file, in an order in which they can be computed: operators that are one thing are one layer (a product and its bias, layer norm, GELU, the core of attention). For files of weights alone, what names and shapes tell, without connections.
 *
 * `model -> layers`.
 */
export function modelLayers(model: ModelFile): ModelLayer[] {
  if (model.nodes === null) return weightsLayers(model);
  return model.format === "onnx" ? onnxLayers(model) : kerasLayers(model);
}
