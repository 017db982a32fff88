import type { ModelNode, ModelTensor } from "../model-file.js";
import { sameValues } from "../tensor.js";
import { capturedBy, graphsWithin, isGraph } from "./captured.js";
import { bodyOf, type FreshNames } from "./functions.js";

/** A branch in the place of its `If`. */
export interface TakenBranch {
  readonly nodes: readonly ModelNode[];
  /** Those that it holds itself. */
  readonly tensors: readonly ModelTensor[];
  /** What it takes of the graph around it. */
  readonly captured: readonly string[];
}

/**
 * The operators that an `If` is where its condition is known; inner values are named after it. Undefined where the branch is not there or has graphs within it, whose names are not looked into.
 *
 * Source: ONNX, *Operator Schemas* (If).
 */
export function takenBranch(node: ModelNode, condition: number, fresh: FreshNames): TakenBranch | undefined {
  const branch = node.attributes[condition === 0 ? "else_branch" : "then_branch"];
  if (!isGraph(branch) || branch.inputs.length > 0 || branch.outputs.length < node.outputs.length) return undefined;
  if (branch.nodes.some(({ attributes }) => graphsWithin(attributes).length > 0)) return undefined;
  const captured = [...new Set(capturedBy(branch))];
  const body = {
    inputs: captured,
    outputs: branch.outputs.slice(0, node.outputs.length).map(({ name }) => name),
    nodes: branch.nodes,
    defaults: {},
  };
  const names = new Map<string, string>();
  const own = new Set(node.outputs);
  const nodes = [...bodyOf(body, { ...node, inputs: captured, attributes: {} }, fresh, names)].map((taken): ModelNode => {
    const inner = taken.outputs.filter((name) => name !== "" && !own.has(name));
    return inner.length > 0 ? { ...taken, inner } : taken;
  });
  const tensors = branch.tensors.flatMap((tensor) => {
    const name = names.get(tensor.name);
    return name === undefined ? [] : [sameValues(tensor, { name })];
  });
  return { nodes, tensors, captured };
}
