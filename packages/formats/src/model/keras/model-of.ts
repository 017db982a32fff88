import { quote } from "@sonde/core";
import { isRecord } from "../json.js";
import type { ModelFile } from "../model-file.js";
import { topologyOf } from "./topology.js";
import type { LayerWeights } from "./weights.js";

/** A model by its configuration, if there is one, and its weights by layers. */
export function modelOf(
  model: unknown,
  weights: readonly LayerWeights[],
  about: Pick<ModelFile, "format" | "version" | "producer" | "metadata">,
): ModelFile {
  const byLayer = new Map(weights.map(({ layer, tensors }) => [layer, tensors.map(({ name }) => name)]));
  const topology = model === undefined ? undefined : topologyOf(model, (layer) => byLayer.get(layer) ?? []);
  const name = isRecord(model) && typeof model.class_name === "string" ? model.class_name : undefined;
  return {
    ...about,
    inputs: topology?.inputs ?? [],
    outputs: topology?.outputs ?? [],
    tensors: weights.flatMap(({ tensors }) => tensors),
    nodes: topology?.nodes ?? null,
    shapes: {},
    notes: [
      ...(topology?.notes ?? []),
      ...(model !== undefined && !topology
        ? [
            `it is a subclassed model${name ? ` (${quote(name)})` : ""}: its layers are connected by Python code, which is not in the file; only weights are`,
          ]
        : []),
      ...(model === undefined ? ["it holds weights alone, without the configuration of a model"] : []),
    ],
  };
}
