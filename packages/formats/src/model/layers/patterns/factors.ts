import type { ModelNode } from "../../model-file.js";
import type { OnnxGraph } from "../onnx-graph.js";

/** A product taken apart: its constant, and what else is multiplied. */
export interface Factors {
  readonly constant: number;
  readonly values: readonly string[];
  readonly nodes: readonly ModelNode[];
}

/** The factors of the product that a node ends, through products that nothing else uses. */
export function factorsOf(node: ModelNode, graph: OnnxGraph): Factors {
  let constant = 1;
  const values: string[] = [];
  const nodes: ModelNode[] = [node];
  const queue = [node];
  for (let product = queue.pop(); product; product = queue.pop()) {
    const [left, right] = product.inputs;
    const divisor = product.operator === "Div" ? graph.scalar(right) : undefined;
    if (divisor !== undefined) constant /= divisor;
    for (const name of product.operator === "Div" ? [left] : [left, right]) {
      const scalar = graph.scalar(name);
      const maker = graph.from(name);
      const inner = maker?.operator === "Mul" || (maker?.operator === "Div" && graph.scalar(maker.inputs[1]) !== undefined);
      if (scalar !== undefined) constant *= scalar;
      else if (maker && inner && maker.domain === "" && graph.users(name).length === 1 && nodes.length < 8) {
        nodes.push(maker);
        queue.push(maker);
      } else values.push(name);
    }
  }
  return { constant, values, nodes };
}

/** A value that is another times a constant: `x / 1.414`. */
export function scaled(
  name: string,
  graph: OnnxGraph,
): { readonly value: string; readonly by: number; readonly nodes: ModelNode[] } {
  const node = graph.from(name);
  if (node && (node.operator === "Mul" || node.operator === "Div")) {
    const [left, right] = node.inputs;
    const [a, b] = [graph.scalar(left), graph.scalar(right)];
    if (b !== undefined) return { value: left, by: node.operator === "Div" ? 1 / b : b, nodes: [node] };
    if (a !== undefined && node.operator === "Mul") return { value: right, by: a, nodes: [node] };
  }
  return { value: name, by: 1, nodes: [] };
}

/** The two inputs of a node in the order in which the first one passes. */
export function eitherOrder<Found>(
  { inputs: [a, b] }: ModelNode,
  take: (first: string, second: string) => Found | undefined,
): Found | undefined {
  return take(a, b) ?? take(b, a);
}
