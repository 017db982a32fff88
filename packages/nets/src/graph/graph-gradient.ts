import { ConfigError, quote } from "@sonde/core";
import type { Graph } from "./graph.js";
import { graphShapes, moduleOf, type ShapedNode } from "./graph-shapes.js";
import { checkedInputs, checkedWeights, type GraphWeights } from "./run-graph.js";
import type { Tensor } from "./tensor.js";

/** Derivatives of <outputError, f(x)>. */
export interface GraphGradient {
  /** By what every layer put out, and by its weights, in the order of the way back. */
  readonly layers: readonly {
    readonly shaped: ShapedNode;
    readonly error: Tensor;
    readonly weights: Readonly<Record<string, Tensor>>;
  }[];
  /** By the inputs; absent for those that no output depends on. */
  readonly inputs: Readonly<Record<string, Tensor | undefined>>;
}

/**
 * The derivative of `sum of outputError * f(x)` by inputs and weights (vector-Jacobian product, reverse mode). `outputError` makes it of the outputs, which so need one pass forward.
 *
 * All values are held. Throws `ConfigError` where the error has to pass a layer that is measured only, such as a recurrent one.
 */
export function graphGradient(
  graph: Graph,
  weights: GraphWeights,
  inputs: Readonly<Record<string, Tensor>>,
  outputError: (outputs: Readonly<Record<string, Tensor>>) => Readonly<Record<string, Tensor>>,
): GraphGradient {
  const shaped = graphShapes(graph);
  const values = new Map<string, Tensor>(Object.entries(checkedInputs(graph, inputs)));
  const own = new Map(shaped.map((step) => [step, checkedWeights(step, weights(step.node.name))]));
  for (const step of shaped) {
    const given = step.node.inputs.map((name) => values.get(name) as Tensor);
    values.set(step.node.name, step.kind.forward(step.node, given, own.get(step) ?? {}));
  }
  const errors = new Map<string, Tensor>();
  const arrive = (name: string, error: Tensor): void => {
    const before = errors.get(name);
    errors.set(name, before ? { shape: error.shape, data: before.data.map((value, k) => value + error.data[k]) } : error);
  };
  const outputs = Object.fromEntries(graph.outputs.map((name) => [name, values.get(name) as Tensor]));
  for (const [name, error] of Object.entries(outputError(outputs))) arrive(name, error);
  const layers: { shaped: ShapedNode; error: Tensor; weights: Readonly<Record<string, Tensor>> }[] = [];
  for (const step of [...shaped].reverse()) {
    const { node, kind } = step;
    const error = errors.get(node.name);
    if (!error) continue;
    if (!kind.gradient)
      throw new ConfigError(`layer ${quote(moduleOf(node))} (${node.kind}) is measured only: there is no gradient through it`);
    const passed = {
      inputs: node.inputs.map((name) => values.get(name) as Tensor),
      weights: own.get(step) ?? {},
      output: values.get(node.name) as Tensor,
      error,
    };
    const back = kind.gradient(node, passed);
    back.inputs.forEach((part, k) => {
      if (part) arrive(node.inputs[k], part);
    });
    layers.push({ shaped: step, error, weights: back.weights ?? {} });
  }
  return { layers, inputs: Object.fromEntries(graph.inputs.map(({ name }) => [name, errors.get(name)])) };
}
