import { fansOfColumns } from "../layer.js";
import type { Pattern } from "../onnx-graph.js";
import { eitherOrder } from "./factors.js";

/** A product with a matrix of weights, and its bias if one is added: a dense layer, at every position where there are some. */
export const dense: Pattern = (node, graph) => {
  const added =
    node.operator === "Add"
      ? eitherOrder(node, (value, bias) => {
          const shape = graph.tensor(bias)?.shape;
          const product = graph.from(value);
          return shape && product?.operator === "MatMul" && shape.every((size, k) => size === 1 || k === shape.length - 1)
            ? { product, bias }
            : undefined;
        })
      : undefined;
  const product = added?.product ?? node;
  if (product.operator !== "MatMul") return undefined;
  const [value, weight] = product.inputs;
  const shape = graph.tensor(weight)?.shape;
  if (shape?.length !== 2 || graph.tensor(value)) return undefined;
  return {
    parts: {
      kind: "dense",
      inputs: [value],
      weights: { weight, ...(added && { bias: added.bias }) },
      fans: fansOfColumns(shape),
      options: { units: shape[1], rows: "inputs" },
    },
    nodes: added ? [product, node] : [product],
  };
};

/** softmax(q k^T / sqrt d) v: the core of attention, without its projections. */
export const attention: Pattern = (node, graph) => {
  if (node.operator !== "MatMul") return undefined;
  const softmax = graph.from(node.inputs[0]);
  if (softmax?.operator !== "Softmax") return undefined;
  const nodes = [softmax, node];
  let scores = graph.from(softmax.inputs[0]);
  let scale = 1;
  let masked = false;
  for (let k = 0; k < 4 && scores && scores.operator !== "MatMul"; k++) {
    const { operator, inputs } = scores;
    const [a, b] = [graph.scalar(inputs[0]), graph.scalar(inputs[1])];
    nodes.unshift(scores);
    if (operator === "Div" && b !== undefined) scale /= b;
    else if (operator === "Mul" && (a ?? b) !== undefined) scale *= (a ?? b) as number;
    else if (operator === "Add" || operator === "Where") masked = true;
    else return undefined;
    scores = inputs
      .map((name) => graph.from(name))
      .find((maker) => ["MatMul", "Div", "Mul", "Add"].includes(maker?.operator ?? ""));
  }
  if (scores?.operator !== "MatMul" || graph.tensor(scores.inputs[1])) return undefined;
  return {
    parts: {
      kind: "attention",
      inputs: [...scores.inputs, node.inputs[1]],
      options: { scale, masked, heads: headsOf(graph.model.shapes[softmax.inputs[0]]) },
    },
    nodes: [scores, ...nodes],
  };
};

/** Scores are [points, heads, tokens, tokens]; what has three axes has heads and points together. */
function headsOf(shape: readonly (number | string)[] | undefined): number | undefined {
  return shape?.length === 4 && typeof shape[1] === "number" ? shape[1] : undefined;
}
