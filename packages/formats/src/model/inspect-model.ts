import { SondeError } from "@sonde/core";
import { modelGraph, NotRunError } from "./graph/model-graph.js";
import { recogniseInitialiser } from "./initialiser/recognise-initialiser.js";
import type { ModelLayer } from "./layers/layer.js";
import { modelLayers } from "./layers/model-layers.js";
import type { ModelFile } from "./model-file.js";

/** What is told of a model file. */
export type InspectedModel = ReturnType<typeof inspectModel>;

/** Tensors that training does not change by the gradient: running statistics. */
const fixedRoles = ["mean", "variance"];

/**
 * What a model file holds: who wrote it, inputs and outputs, its layers with their parameters, how the weights were drawn, and what is not known of it and why. Nothing in it is run.
 *
 * @example
 * const weight = { name: "fc.weight", shape: [3, 2], type: "float32", values: () => new Float32Array(6) };
 * const file = { format: "safetensors", version: "", producer: null, inputs: [], outputs: [], tensors: [weight], nodes: null, shapes: {}, metadata: {}, notes: [] } as const;
 * inspectModel(file).parameters // 6
 */
export function inspectModel(file: ModelFile) {
  const layers = modelLayers(file);
  const recognised = recogniseInitialiser(file, layers);
  const sizes = new Map(file.tensors.map(({ name, shape }) => [name, shape.reduce((product, size) => product * size, 1)]));
  const parameters = (weights: ModelLayer["weights"]) =>
    Object.entries(weights).reduce((sum, [role, name]) => sum + (fixedRoles.includes(role) ? 0 : (sizes.get(name) ?? 0)), 0);
  // A tensor that several layers share counts once.
  const distinct = new Map(layers.flatMap(({ weights }) => Object.entries(weights).map(([role, name]) => [name, role] as const)));
  const total = [...distinct].reduce((sum, [name, role]) => sum + (fixedRoles.includes(role) ? 0 : (sizes.get(name) ?? 0)), 0);
  const operators: Record<string, number> = {};
  for (const { operator } of file.nodes ?? []) operators[operator] = (operators[operator] ?? 0) + 1;
  return {
    format: file.format,
    version: file.version,
    producer: file.producer,
    inputs: file.inputs,
    outputs: file.outputs,
    parameters: total,
    graph: file.nodes !== null,
    operators: file.nodes ? operators : null,
    layers: layers.map((layer) => ({ ...layer, parameters: parameters(layer.weights) })),
    tensors: file.tensors.map(({ name, shape, type }) => ({ name, shape, type })),
    initialiser: {
      name: recognised.initialiser,
      trained: recognised.trained,
      evidence: recognised.evidence,
      layers: recognised.layers,
    },
    unsupported: layers.flatMap(({ name, unsupported }) =>
      unsupported === undefined ? [] : [{ layer: name, reason: unsupported }],
    ),
    notRun: notRunOperators(file),
    metadata: file.metadata,
  };
}

/** Operators because of which Sonde does not run the network itself; none where it does, or where something else keeps it from running. */
function notRunOperators(file: ModelFile): readonly string[] {
  if (file.format !== "onnx") return [];
  try {
    modelGraph(file);
    return [];
  } catch (error) {
    if (!(error instanceof SondeError)) throw error;
    return error instanceof NotRunError ? error.operators : [];
  }
}
