import { elementCount } from "../../../array-file.js";
import type { ModelNode } from "../../model-file.js";
import { list, type Matched, type OnnxGraph, type Pattern } from "../onnx-graph.js";
import { eitherOrder } from "./factors.js";

/** Layer norm and RMS norm as operators before they had one of their own, with their scale and shift. */
export const layerNorm: Pattern = (node, graph) => {
  const shifted = node.operator === "Add" ? withTensor(node, graph) : undefined;
  const scaleNode = shifted ? graph.from(shifted.value) : node;
  const scaled = scaleNode?.operator === "Mul" ? withTensor(scaleNode, graph) : undefined;
  const core = scaled ? graph.from(scaled.value) : scaleNode;
  if (!core || (shifted && !scaled)) return undefined;
  const found = normalised(core, graph);
  if (!found) return undefined;
  return {
    parts: {
      ...found.parts,
      weights: { ...(scaled && { scale: scaled.tensor }), ...(shifted && { shift: shifted.tensor }) },
    },
    nodes: [...found.nodes, ...(scaled && scaleNode ? [scaleNode] : []), ...(shifted ? [node] : [])],
  };
};

/** A node of a value and a tensor along the last axis. */
function withTensor(node: ModelNode, graph: OnnxGraph): { value: string; tensor: string } | undefined {
  return eitherOrder(node, (value, tensor) =>
    graph.tensor(tensor) && !graph.tensor(value) && (graph.tensor(tensor)?.shape.length ?? 0) >= 1
      ? { value, tensor }
      : undefined,
  );
}

/** (x - mean) / sqrt(variance + eps), or x / sqrt(mean square + eps). */
function normalised(node: ModelNode, graph: OnnxGraph): Matched | undefined {
  if (node.operator !== "Div") return undefined;
  const [above, below] = node.inputs;
  const root = graph.from(below);
  const sum = root?.operator === "Sqrt" ? graph.from(root.inputs[0]) : undefined;
  if (!root || sum?.operator !== "Add") return undefined;
  return eitherOrder(sum, (meanSquare, small) => {
    const epsilon = graph.scalar(small);
    const mean = graph.from(meanSquare);
    const square = mean?.operator === "ReduceMean" ? graph.from(mean.inputs[0]) : undefined;
    if (epsilon === undefined || !mean || !square || !isSquareOf(square, graph)) return undefined;
    const base = square.inputs[0];
    const axes = axesOf(mean, graph);
    const nodes = [square, mean, sum, root, node];
    const options = { epsilon, axes };
    const centred = graph.from(above);
    if (centred?.operator === "Sub" && isSame(base, above, graph)) {
      const centre = graph.from(centred.inputs[1]);
      if (centre?.operator === "ReduceMean" && centre.inputs[0] === centred.inputs[0]) {
        const twice = graph.from(base);
        const more = twice && twice !== centred ? [twice] : [];
        return {
          parts: { kind: "norm" as const, inputs: [centred.inputs[0]], options: { norm: "layer", ...options } },
          nodes: [centre, centred, ...more, ...nodes],
        };
      }
    }
    return base === above
      ? { parts: { kind: "norm" as const, inputs: [above], options: { norm: "rms", ...options } }, nodes }
      : undefined;
  });
}

function isSquareOf({ operator, inputs }: ModelNode, graph: OnnxGraph): boolean {
  return (operator === "Pow" && graph.scalar(inputs[1]) === 2) || (operator === "Mul" && inputs[0] === inputs[1]);
}

/** The same value, or the same difference computed twice. */
function isSame(a: string, b: string, graph: OnnxGraph): boolean {
  const [x, y] = [graph.from(a), graph.from(b)];
  return (
    a === b || (x?.operator === "Sub" && y?.operator === "Sub" && x.inputs[0] === y.inputs[0] && x.inputs[1] === y.inputs[1])
  );
}

function axesOf({ attributes, inputs }: ModelNode, graph: OnnxGraph): number[] | undefined {
  const held = graph.tensor(inputs[1]);
  return (
    list(attributes.axes) ??
    (held && elementCount(held.shape) < 64 ? Array.from(held.values() as ArrayLike<number | bigint>, Number) : undefined)
  );
}

/** A product and a sum with constants for each channel: batch norm taken apart, or a rescaling of inputs. */
export const scaleShift: Pattern = (node, graph) => {
  if (node.operator !== "Add") return undefined;
  const shift = perChannel(node, graph);
  const product = shift && graph.from(shift.value);
  const scale = product?.operator === "Mul" ? perChannel(product, graph) : undefined;
  if (!shift || !product || !scale) return undefined;
  return {
    parts: { kind: "scale-shift", inputs: [scale.value], weights: { scale: scale.tensor, shift: shift.tensor } },
    nodes: [product, node],
  };
};

/** A value and a tensor [channels, 1, 1] or [1, channels, 1, 1]. */
function perChannel(node: ModelNode, graph: OnnxGraph): { value: string; tensor: string } | undefined {
  return eitherOrder(node, (value, name) => {
    const tensor = graph.tensor(name);
    if (!tensor || graph.tensor(value) || elementCount(tensor.shape) === 1) return undefined;
    const [channels, ...rest] = tensor.shape.filter((size, k) => size !== 1 || k > 0);
    return tensor.shape.length >= 3 && channels === elementCount(tensor.shape) && rest.every((size) => size === 1)
      ? { value, tensor: name }
      : undefined;
  });
}

/** Reshape, instance norm, reshape back, scale and shift: group norm. */
export const groupNorm: Pattern = (node, graph) => {
  const shift = node.operator === "Add" ? withTensor(node, graph) : undefined;
  const product = shift && graph.from(shift.value);
  const scale = product?.operator === "Mul" ? withTensor(product, graph) : undefined;
  const back = scale && graph.from(scale.value);
  const instance = back?.operator === "Reshape" ? graph.from(back.inputs[0]) : undefined;
  const apart = instance?.operator === "InstanceNormalization" ? graph.from(instance.inputs[0]) : undefined;
  if (!shift || !product || !scale || !back || !instance || apart?.operator !== "Reshape") return undefined;
  const groups = graph.tensor(instance.inputs[1])?.shape[0];
  return {
    parts: {
      kind: "norm",
      inputs: [apart.inputs[0]],
      weights: { scale: scale.tensor, shift: shift.tensor },
      options: { norm: "group", groups, epsilon: instance.attributes.epsilon },
    },
    nodes: [apart, instance, back, product, node],
  };
};
