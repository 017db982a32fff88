import type { ModelNode } from "../../model-file.js";
import { type Matched, near, type OnnxGraph, type Pattern } from "../onnx-graph.js";
import { eitherOrder, type Factors, factorsOf, scaled } from "./factors.js";

/** Activations that exporters take apart into a product: GELU, SiLU, Mish and hard-swish. */
export const gated: Pattern = (node, graph) => {
  if ((node.operator !== "Mul" && node.operator !== "Div") || node.domain !== "") return undefined;
  const factors = factorsOf(node, graph);
  if (factors.values.length !== 2) return undefined;
  const [a, b] = factors.values;
  return gateOf(a, b, factors, graph) ?? gateOf(b, a, factors, graph);
};

/** A gate is a function of x that x is multiplied by. */
function gateOf(x: string, gate: string, { constant, nodes }: Factors, graph: OnnxGraph): Matched | undefined {
  const maker = graph.from(gate);
  if (maker?.domain !== "") return undefined;
  const found = gates[maker.operator]?.(x, maker, graph);
  if (!found || !near(constant, found.constant)) return undefined;
  // The root comes last.
  const [root, ...others] = nodes;
  return {
    parts: { kind: "activation", inputs: [x], options: { activation: found.activation } },
    nodes: [...others, ...found.nodes, maker, root],
  };
}

interface Gate {
  readonly activation: string;
  /** What x times the gate has to be multiplied by. */
  readonly constant: number;
  readonly nodes: readonly ModelNode[];
}

const gates: Readonly<Record<string, (x: string, maker: ModelNode, graph: OnnxGraph) => Gate | undefined>> = {
  Sigmoid: (x, maker) => (maker.inputs[0] === x ? { activation: "silu", constant: 1, nodes: [] } : undefined),
  HardSigmoid: (x, maker) =>
    maker.inputs[0] === x && near(Number(maker.attributes.alpha ?? 0.2), 1 / 6)
      ? { activation: "hard-swish", constant: 1, nodes: [] }
      : undefined,
  Tanh: (x, maker, graph) => {
    const inner = graph.from(maker.inputs[0]);
    return inner?.operator === "Softplus" && inner.inputs[0] === x
      ? { activation: "mish", constant: 1, nodes: [inner] }
      : undefined;
  },
  Clip: (x, maker, graph) => {
    const inner = graph.from(maker.inputs[0]);
    const [low, high] = clipBounds(maker, graph);
    if (inner?.operator !== "Add" || low !== 0 || !near(high, 6)) return undefined;
    const shifted = eitherOrder(inner, (value, by) => (value === x && near(graph.scalar(by), 3) ? true : undefined));
    return shifted && { activation: "hard-swish", constant: 1 / 6, nodes: [inner] };
  },
  // 1 + erf(x / sqrt 2), or 1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)).
  Add: (x, maker, graph) =>
    eitherOrder(maker, (value, one) => {
      const inner = graph.from(value);
      if (!inner || !near(graph.scalar(one), 1)) return undefined;
      if (inner.operator === "Erf") {
        const { value: argument, by, nodes } = scaled(inner.inputs[0], graph);
        return argument === x && near(by, Math.SQRT1_2)
          ? { activation: "gelu", constant: 0.5, nodes: [inner, ...nodes] }
          : undefined;
      }
      const cubic = inner.operator === "Tanh" ? cubicOf(inner.inputs[0], x, graph) : undefined;
      return cubic && { activation: "gelu-tanh", constant: 0.5, nodes: [inner, ...cubic] };
    }),
};

/** The nodes of sqrt(2 / pi) (x + 0.044715 x^3), however the powers are written. */
function cubicOf(name: string, x: string, graph: OnnxGraph): ModelNode[] | undefined {
  const nodes: ModelNode[] = [];
  const queue = [name];
  let cubic = false;
  for (let value = queue.pop(); value !== undefined && nodes.length < 10; value = queue.pop()) {
    if (value === x) continue;
    const scalar = graph.scalar(value);
    if (scalar !== undefined) {
      cubic ||= near(scalar, 0.044715) || near(scalar, 0.044715 * Math.sqrt(2 / Math.PI));
      continue;
    }
    const maker = graph.from(value);
    if (!maker || !["Add", "Mul", "Pow"].includes(maker.operator)) return undefined;
    if (!nodes.includes(maker)) nodes.push(maker);
    queue.push(...maker.inputs);
  }
  return cubic ? nodes : undefined;
}

/** The bounds of a Clip: attributes before operator set 11, inputs from then on. */
export function clipBounds({ inputs, attributes }: ModelNode, graph: OnnxGraph): [low?: number, high?: number] {
  const bound = (name: string, k: number) => graph.scalar(inputs[k]) ?? (attributes[name] as number | undefined);
  return [bound("min", 1), bound("max", 2)];
}

/** log(sigmoid(x)). */
export const logSigmoid: Pattern = (node, graph) => {
  const inner = node.operator === "Log" ? graph.from(node.inputs[0]) : undefined;
  return inner?.operator === "Sigmoid"
    ? { parts: { kind: "activation", inputs: [inner.inputs[0]], options: { activation: "log-sigmoid" } }, nodes: [inner, node] }
    : undefined;
};

/** x / (1 + |x|). */
export const softsign: Pattern = (node, graph) => {
  const [x, below] = node.inputs;
  const sum = node.operator === "Div" ? graph.from(below) : undefined;
  if (sum?.operator !== "Add") return undefined;
  return eitherOrder(sum, (value, one) => {
    const size = graph.from(value);
    return size?.operator === "Abs" && size.inputs[0] === x && near(graph.scalar(one), 1)
      ? { parts: { kind: "activation" as const, inputs: [x], options: { activation: "softsign" } }, nodes: [size, sum, node] }
      : undefined;
  });
};
