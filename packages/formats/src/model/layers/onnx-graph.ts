import { elementCount } from "../../array-file.js";
import type { ModelFile, ModelNode, ModelTensor } from "../model-file.js";
import { isElementType, numbers } from "../tensor.js";
import { type LayerParts, tensorsByName } from "./layer.js";

/** A graph as patterns look at it. */
export interface OnnxGraph {
  readonly model: ModelFile;
  readonly tensor: (name: string | undefined) => ModelTensor | undefined;
  /** The node that makes a value. */
  readonly from: (name: string | undefined) => ModelNode | undefined;
  /** The nodes that take a value. */
  readonly users: (name: string) => readonly ModelNode[];
  /** The number that a tensor of one element, or of one constant, holds. */
  readonly scalar: (name: string | undefined) => number | undefined;
}

/** Operators that are one layer: the parts of it, and the nodes. The last one is where the layer puts out. */
export interface Matched {
  readonly parts: LayerParts;
  readonly nodes: readonly ModelNode[];
}

/** Looks whether a node ends a group of operators that are one layer. */
export type Pattern = (node: ModelNode, graph: OnnxGraph) => Matched | undefined;

export function onnxGraph(model: ModelFile): OnnxGraph {
  const tensors = tensorsByName(model);
  const makers = new Map<string, ModelNode>();
  const users = new Map<string, ModelNode[]>();
  for (const node of model.nodes ?? []) {
    for (const name of node.outputs) if (name !== "") makers.set(name, node);
    for (const name of new Set(node.inputs)) {
      const known = users.get(name);
      if (known) known.push(node);
      else users.set(name, [node]);
    }
  }
  const tensor = (name: string | undefined) => (name ? tensors.get(name) : undefined);
  return {
    model,
    tensor,
    from: (name) => (name ? makers.get(name) : undefined),
    users: (name) => users.get(name) ?? [],
    scalar: (name) => {
      const found = tensor(name);
      if (!found || !isElementType(found.type)) return undefined;
      if (found.constant !== undefined) return found.constant;
      if (elementCount(found.shape) !== 1) return undefined;
      try {
        return numbers(found.values())[0];
      } catch {
        return undefined;
      }
    },
  };
}

/** Whether two numbers are the same but for float32. */
export function near(a: number | undefined, b: number): boolean {
  return a !== undefined && Math.abs(a - b) <= 1e-4 * Math.abs(b);
}

/** A list of whole numbers in an attribute. */
export function list(value: unknown): number[] | undefined {
  return Array.isArray(value) && value.every((entry) => typeof entry === "number") ? value : undefined;
}
