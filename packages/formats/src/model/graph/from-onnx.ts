import { moduleName } from "../layers/module-name.js";
import { type Matched, type OnnxGraph, onnxGraph } from "../layers/onnx-graph.js";
import { onnxGroups } from "../layers/onnx-layers.js";
import type { Dimension, ModelFile, ModelNode } from "../model-file.js";
import { graphBuilder } from "./graph-builder.js";
import type { InputShapes } from "./input-shapes.js";
import { type ModelGraph, notRun, someOf } from "./model-graph.js";
import { groupNode } from "./onnx-groups.js";
import { type Operator, operatorNode, Refused } from "./onnx-operators.js";

/** An operator that is not run, and the sentence's part that says so. */
interface RefusedOperator {
  readonly operator: string;
  readonly reason: string;
}

/** The graph of an ONNX model for inputs of these shapes. Throws `NotRunError` where an operator that the outputs depend on is not run. */
export function onnxModelGraph(open: ModelFile, inputs: InputShapes): ModelGraph {
  const model = open.withInputs?.(inputs.shapes) ?? open;
  const view = onnxGraph(model);
  const builder = graphBuilder(model);
  const opset = Number(/opset (\d+)/.exec(model.version)?.[1] ?? 24);
  const refused = new Map<string, RefusedOperator>();
  const position = new Map((model.nodes ?? []).map((node, k) => [node, k]));
  const single = (node: ModelNode): void => {
    const module = moduleName(
      [node],
      node.inputs.find((name) => view.tensor(name) && name.endsWith(".weight")),
    );
    const asked: Operator = { node, opset, module, builder, graph: view, shapes: model.shapes };
    try {
      operatorNode(asked);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const why = { operator: node.operator, reason: `${node.name} (${error.message})` };
      for (const name of node.outputs) refused.set(name, why);
    }
  };
  for (const group of onnxGroups(view)) {
    const made =
      group.nodes.length > 1 || group.parts.kind === "dense"
        ? groupNode(group, { opset, builder, graph: view, shapes: model.shapes })
        : false;
    if (!made) for (const node of ordered(group, position)) single(node);
  }
  const outputs = model.outputs.map(({ name }) => name).filter((name) => !view.tensor(name));
  if (outputs.length === 0) throw notRun("its outputs do not depend on its inputs");
  const blocked = reached(model, outputs, refused);
  if (blocked.length > 0)
    throw notRun(`${someOf(blocked.map(({ reason }) => reason))}`.replace(/^"|"$/g, ""), [
      ...new Set(blocked.map(({ operator }) => operator)),
    ]);
  return builder.finish({
    ...inputs,
    inputs: model.inputs.map(({ name, type }) => ({
      name,
      shape: inputs.shapes[name],
      ...(type?.includes("int") && { entries: entriesOf(view, name) }),
    })),
    outputs: outputs.map(builder.value),
    inputAxes: inputs.axes,
    channelsFirst: true,
    pointAxes: (layer) => knownAxis(open.shapes[layer], open, inputs),
  });
}

/** The operators of a group in the order of the file. */
function ordered({ nodes }: Matched, position: ReadonlyMap<ModelNode, number>): ModelNode[] {
  return [...nodes].sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0));
}

/** What is refused and what the outputs depend on. */
function reached(model: ModelFile, outputs: readonly string[], refused: ReadonlyMap<string, RefusedOperator>): RefusedOperator[] {
  const wanted = new Set(outputs);
  const found = new Set<RefusedOperator>();
  for (const node of [...(model.nodes ?? [])].reverse()) {
    if (!node.outputs.some((name) => wanted.has(name))) continue;
    for (const name of node.inputs) wanted.add(name);
    for (const name of node.outputs) {
      const why = refused.get(name);
      if (why) found.add(why);
    }
  }
  return [...found].reverse();
}

/** Rows of the smallest table that whole numbers at an input choose from. */
export function entriesOf({ users, tensor }: OnnxGraph, name: string): number {
  const tables = users(name).flatMap((node) => {
    const table = node.operator === "Gather" && node.inputs[1] === name ? tensor(node.inputs[0]) : undefined;
    return table ? [table.shape[0]] : [];
  });
  return tables.length > 0 ? Math.min(...tables) : 2;
}

/** Where the open axis of the points is in a value's shape. */
function knownAxis(shape: readonly Dimension[] | undefined, open: ModelFile, { axes }: InputShapes): number | undefined {
  const [first] = open.inputs;
  const batch = first?.shape?.[axes[first.name] ?? 0];
  const at = typeof batch === "string" ? (shape?.indexOf(batch) ?? -1) : -1;
  return at < 0 ? undefined : at;
}
