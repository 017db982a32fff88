import { ConfigError, quote, ShapeError } from "@sonde/core";
import type { Graph } from "./graph.js";
import { graphShapes, located, moduleOf, type ShapedNode } from "./graph-shapes.js";
import type { Weights, WeightTensor } from "./layer-kind.js";
import { count, type Tensor } from "./tensor.js";

/** The weights of a network: those of each layer, asked for when it is its turn. */
export type GraphWeights = (layer: string) => Weights;

export interface RunGraphOptions {
  /** Called with what every layer puts out, in order. */
  readonly observe?: (shaped: ShapedNode, output: Tensor) => void;
  /** Stops the run between two layers, by throwing its reason. */
  readonly signal?: { readonly aborted: boolean; readonly throwIfAborted: () => void };
}

/**
 * What a network makes of its inputs, in float64: this is what the kinds of layers mean. Values are let go once nothing takes them any more.
 *
 * Throws `ShapeError` where inputs or weights do not fit the graph, and whatever is wrong with the graph itself.
 *
 * @example
 * const graph: Graph = {
 *   inputs: [{ name: "x", shape: [1, 2] }],
 *   nodes: [{ name: "y", inputs: ["x"], kind: "activation", activation: "relu" }],
 *   outputs: ["y"],
 * };
 * runGraph(graph, () => ({}), { x: { shape: [1, 2], data: Float64Array.of(-1, 2) } }).y.data.join() // "0,2"
 */
export function runGraph(
  graph: Graph,
  weights: GraphWeights,
  inputs: Readonly<Record<string, Tensor>>,
  { observe, signal }: RunGraphOptions = {},
): Record<string, Tensor> {
  const shaped = graphShapes(graph);
  const values = new Map<string, Tensor>(Object.entries(checkedInputs(graph, inputs)));
  const users = new Map<string, number>();
  for (const { node } of shaped) for (const name of node.inputs) users.set(name, (users.get(name) ?? 0) + 1);
  for (const name of graph.outputs) users.set(name, (users.get(name) ?? 0) + 1);
  for (const step of shaped) {
    signal?.throwIfAborted();
    const { node } = step;
    const given = node.inputs.map((name) => values.get(name) as Tensor);
    const output = located(node, () => step.kind.forward(node, given, checkedWeights(step, weights(node.name))));
    observe?.(step, output);
    if (users.has(node.name)) values.set(node.name, output);
    for (const name of node.inputs) {
      const left = (users.get(name) ?? 0) - 1;
      users.set(name, left);
      if (left === 0) values.delete(name);
    }
  }
  return Object.fromEntries(graph.outputs.map((name) => [name, values.get(name) as Tensor]));
}

/** The inputs of a graph, each there and of its shape. */
export function checkedInputs({ inputs }: Graph, given: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(
    inputs.map(({ name, shape }) => {
      const own = Object.hasOwn(given, name) ? given[name] : undefined;
      if (!own) throw new ConfigError(`the input ${quote(name)} is missing: give its values`);
      if (String(own.shape) !== String(shape) || own.data.length !== count(shape))
        throw new ShapeError(
          `the input ${quote(name)} is [${shape.join(", ")}], got [${own.shape.join(", ")}]: give values of that shape`,
        );
      return [name, own];
    }),
  );
}

/** The weights of a layer, each of the shape that it needs. */
export function checkedWeights({ node, weights: specs }: ShapedNode, given: Weights): Weights {
  return Object.fromEntries(
    Object.entries(specs).map(([role, { shape }]): [string, WeightTensor | undefined] => {
      const own = given[role];
      if (own && count(own.shape) !== count(shape))
        throw new ShapeError(
          `the ${role} of layer ${quote(moduleOf(node))} is [${shape.join(", ")}], got [${own.shape.join(", ")}]`,
        );
      return [role, own];
    }),
  );
}
