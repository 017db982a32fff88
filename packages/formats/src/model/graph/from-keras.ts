import { kerasLayersOf } from "../layers/keras-layers.js";
import { tensorsByName } from "../layers/layer.js";
import type { ModelFile } from "../model-file.js";
import { graphBuilder } from "./graph-builder.js";
import type { InputShapes } from "./input-shapes.js";
import { kerasLayer, Refused } from "./keras-operators.js";
import { type ModelGraph, notRun, someOf } from "./model-graph.js";

/** The graph of a Keras or TensorFlow.js model for inputs of these shapes. Throws `FormatError` where a layer is not run. */
export function kerasGraph(model: ModelFile, inputs: InputShapes): ModelGraph {
  const tensors = tensorsByName(model);
  const builder = graphBuilder(model);
  const refused: string[] = [];
  const ranks = new Map(model.inputs.map(({ name }) => [name, inputs.shapes[name].length]));
  for (const node of model.nodes ?? [])
    for (const layer of kerasLayersOf(node, tensors))
      try {
        kerasLayer({ layer, node, model, builder, tensors, ranks });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refused.push(`${layer.name} (${error.message})`);
      }
  if (refused.length > 0) throw notRun(someOf(refused).replace(/^"|"$/g, ""));
  const tables = (name: string) =>
    (model.nodes ?? []).flatMap(({ operator, inputs: from, attributes }) =>
      operator === "Embedding" && from[0] === name ? [Number(attributes.input_dim)] : [],
    );
  return builder.finish({
    ...inputs,
    inputs: model.inputs.map(({ name }) => ({
      name,
      shape: inputs.shapes[name],
      ...(tables(name).length > 0 && { entries: Math.min(...tables(name)) }),
    })),
    outputs: model.outputs.map(({ name }) => builder.value(name)),
    inputAxes: inputs.axes,
    channelsFirst: false,
    everySum: true,
  });
}
