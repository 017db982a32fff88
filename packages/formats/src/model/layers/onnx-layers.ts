import type { ModelFile, ModelNode } from "../model-file.js";
import type { LayerParts, ModelLayer } from "./layer.js";
import { moduleName } from "./module-name.js";
import { type Matched, type OnnxGraph, onnxGraph, type Pattern } from "./onnx-graph.js";
import { operatorLayer } from "./onnx-operators.js";
import { gated, logSigmoid, softsign } from "./patterns/activations.js";
import { groupNorm, layerNorm, scaleShift } from "./patterns/norms.js";
import { attention, dense } from "./patterns/products.js";

/** Groups of operators that are one layer, the longer before the shorter. */
const patterns: readonly Pattern[] = [groupNorm, layerNorm, gated, logSigmoid, softsign, attention, dense, scaleShift];

/** The layers of an ONNX graph: operators, and groups of them that are one thing. */
export function onnxLayers(model: ModelFile): ModelLayer[] {
  return onnxGroups(onnxGraph(model)).map(({ parts, nodes }) => layerOf(parts, nodes, model));
}

/** The operators of a graph in order, those that are one thing together, at the place of the last one. */
export function onnxGroups(graph: OnnxGraph): Matched[] {
  const { model } = graph;
  const nodes = model.nodes ?? [];
  const outputs = new Set(model.outputs.map(({ name }) => name));
  const found = new Map<ModelNode, Matched>();
  const taken = new Set<ModelNode>();
  // From the end, so that a group is seen before its parts.
  for (let k = nodes.length - 1; k >= 0; k--) {
    const node = nodes[k];
    if (taken.has(node) || node.domain !== "") continue;
    for (const pattern of patterns) {
      const match = pattern(node, graph);
      if (!match || !alone(match, graph, outputs, taken)) continue;
      found.set(node, match);
      for (const part of match.nodes) taken.add(part);
      break;
    }
  }
  return nodes.flatMap((node) => {
    const match = found.get(node);
    if (match) return [match];
    return taken.has(node) ? [] : [{ parts: operatorLayer(node, graph), nodes: [node] }];
  });
}

/** Whether nothing else uses what the group makes on its way, and no other group has a part of it. */
function alone({ nodes }: Matched, graph: OnnxGraph, outputs: ReadonlySet<string>, taken: ReadonlySet<ModelNode>): boolean {
  const inside = new Set(nodes);
  return nodes.every(
    (node, k) =>
      !taken.has(node) &&
      (k === nodes.length - 1 ||
        node.outputs.every((name) => !outputs.has(name) && graph.users(name).every((user) => inside.has(user)))),
  );
}

function layerOf(
  { kind, inputs, weights = {}, options = {}, fans, unsupported }: LayerParts,
  nodes: readonly ModelNode[],
  model: ModelFile,
): ModelLayer {
  const last = nodes[nodes.length - 1];
  return {
    name: moduleName(nodes, weights.weight ?? weights.scale),
    kind,
    inputs: inputs ?? last.inputs.filter((name) => name !== ""),
    outputs: last.outputs.filter((name) => name !== ""),
    weights,
    ...(fans && { fans }),
    options,
    shape: model.shapes[last.outputs[0]] ?? null,
    operators: nodes.map(({ name }) => name),
    ...(unsupported !== undefined && { unsupported }),
  };
}
