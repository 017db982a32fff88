import type { ModelNode } from "../model-file.js";
import type { RawGraph } from "./graph-proto.js";

/** The values of the graph around it that the graphs within an operator take, such as the branches of `If`. */
export function capturedValues({ attributes }: ModelNode): string[] {
  return graphsWithin(attributes).flatMap(capturedBy);
}

/** The tensors that the graphs within an operator hold themselves. */
export function tensorsWithin({ attributes }: ModelNode): RawGraph["tensors"][number][] {
  return graphsWithin(attributes).flatMap(({ nodes, tensors }) => [...tensors, ...nodes.flatMap(tensorsWithin)]);
}

/** The graphs that an operator's attributes are. */
export function graphsWithin(attributes: ModelNode["attributes"]): RawGraph[] {
  return Object.values(attributes)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter(isGraph);
}

/** Whether an attribute is a graph. */
export function isGraph(value: unknown): value is RawGraph {
  return typeof value === "object" && value !== null && "nodes" in value && "between" in value;
}

/** The values that a graph takes of the one around it. */
export function capturedBy({ nodes, tensors, inputs, outputs }: RawGraph): string[] {
  const own = new Set([...tensors, ...inputs].map(({ name }) => name));
  for (const node of nodes) for (const name of node.outputs) own.add(name);
  const taken = [...nodes.flatMap((node) => [...node.inputs, ...capturedValues(node)]), ...outputs.map(({ name }) => name)];
  return taken.filter((name) => name !== "" && !own.has(name));
}
