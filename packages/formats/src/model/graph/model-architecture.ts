import { fromGraph, type GraphAsList, type LayerInit } from "@sonde/nets";
import { recogniseInitialiser } from "../initialiser/recognise-initialiser.js";
import { modelLayers } from "../layers/model-layers.js";
import type { ModelFile } from "../model-file.js";
import { type ModelGraphOptions, modelGraph } from "./model-graph.js";
import { redrawing } from "./redraw.js";

/**
 * The list of layers that a model file holds the graph of, each drawn as its weights were as far as that is recognised: networks like it, for the theory, the kernels and the doctor of lists.
 *
 * Throws `FormatError` where the file holds no graph that runs, `ConfigError` with the first layer that has no place in a list.
 *
 * @example
 * const tensor = (name: string, shape: number[]) => ({ name, shape, type: "float32", values: () => new Float32Array(6) });
 * const tensors = [tensor("0.weight", [3, 2]), tensor("2.weight", [2, 3])];
 * const file = { format: "safetensors", version: "", producer: null, inputs: [], outputs: [], tensors, nodes: null, shapes: {}, metadata: {}, notes: [] } as const;
 * modelArchitecture(file, { activation: "relu" }).architecture.layers.length // 3
 */
export function modelArchitecture(
  model: ModelFile,
  options: ModelGraphOptions & { readonly init?: LayerInit } = {},
): GraphAsList {
  const network = modelGraph(model, { ...options, points: 1 });
  const { init, initialiser, recognised } = redrawing(
    model,
    network,
    recogniseInitialiser(model, modelLayers(model)),
    options.init,
  );
  const { architecture: whole, notes } = fromGraph(network.graph, { init, weights: network.weights });
  const squashed = whole.layers[whole.layers.length - 1]?.kind === "softmax";
  const architecture = squashed ? { ...whole, layers: whole.layers.slice(0, -1) } : whole;
  return {
    architecture,
    notes: [
      ...(squashed ? ["the softmax at its end is left out, so the list ends with the logits"] : []),
      `its layers as a list, drawn by ${initialiser}${recognised || options.init ? "" : ", which was assumed"}`,
      ...notes,
      ...network.notes,
    ],
  };
}
