import { elementCount } from "../../array-file.js";
import { moduleName } from "../layers/module-name.js";
import type { Matched } from "../layers/onnx-graph.js";
import { list } from "../layers/onnx-graph.js";
import { isElementType, numbers } from "../tensor.js";
import type { Held } from "./graph-builder.js";
import { type Operator, short } from "./onnx-operators.js";

type Around = Omit<Operator, "node" | "module">;

/** Adds the layer that a group of operators is; false where they are better run one by one. */
export function groupNode(group: Matched, around: Around): boolean {
  const { parts, nodes } = group;
  const { builder, graph, shapes } = around;
  const { kind, inputs = [], weights = {}, options = {} } = parts;
  const last = nodes[nodes.length - 1];
  const [name] = last.outputs;
  const module = moduleName(nodes, weights.weight ?? weights.scale);
  const shape = shapes[name];
  const held = (role: string, count?: number): Held | undefined => {
    const tensor = graph.tensor(weights[role]);
    return tensor && (count === undefined || elementCount(tensor.shape) === count) ? { tensor } : undefined;
  };
  const inputShape = shapes[inputs[0]];
  switch (kind) {
    case "dense": {
      if (last.operator === "Gemm") return false;
      const weight = held("weight");
      const bias = held("bias", Number(options.units));
      if (!weight || (weights.bias !== undefined && !bias) || inputs.length !== 1) return false;
      builder.add(
        {
          name,
          module,
          inputs: [builder.value(inputs[0])],
          kind: "dense",
          units: Number(options.units),
          ...(!bias && { without: ["bias"] }),
        },
        { weight, bias },
      );
      return true;
    }
    case "activation": {
      builder.add({
        name,
        module,
        inputs: [builder.value(inputs[0])],
        kind: "activation",
        activation: String(options.activation),
      });
      return true;
    }
    case "norm": {
      if (options.norm === "group") return addGroupNorm(group, around);
      const axes = list(options.axes);
      const rank = inputShape?.length;
      if (!rank || (options.norm !== "layer" && options.norm !== "rms")) return false;
      // Only the last axes, all of them from one on, are what the kind of layer knows.
      const places = axes?.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
      if (!places?.every((axis, k) => axis === rank - places.length + k)) return false;
      const size = inputShape.slice(places[0]).reduce<number>((product, n) => product * Number(n), 1);
      const [scale, shift] = [held("scale", size), held("shift", size)];
      if (
        (weights.scale !== undefined && !scale) ||
        (weights.shift !== undefined && !shift) ||
        String(shape) !== String(inputShape)
      )
        return false;
      builder.add(
        {
          name,
          module,
          inputs: [builder.value(inputs[0])],
          kind: "norm",
          norm: options.norm,
          axis: places[0] - rank,
          epsilon: Number(options.epsilon),
          without: [...(scale ? [] : ["scale"]), ...(shift ? [] : ["shift"])],
        },
        { scale, shift },
      );
      return true;
    }
    default:
      return false;
  }
}

/** Adds the group norm that an instance norm between two reshapes is: where each of its channels is as many whole channels, which the second reshape gives back their places, and scale and shift are by channels. */
function addGroupNorm({ parts, nodes }: Matched, { builder, graph, shapes }: Around): boolean {
  const { inputs = [], weights = {}, options = {} } = parts;
  const [apart, instance] = nodes;
  const [name] = nodes[nodes.length - 1].outputs;
  const [shape, split] = [shapes[inputs[0]], shapes[apart.outputs[0]]];
  const [groups, channels] = [Number(options.groups), Number(shape?.[1])];
  if (!shape || !split || String(shapes[name]) !== String(shape) || channels % groups !== 0) return false;
  if (split[0] !== shape[0] || split[1] !== groups) return false;
  const all = (role: number, value: number): boolean => {
    const tensor = graph.tensor(instance.inputs[role]);
    return tensor !== undefined && isElementType(tensor.type) && numbers(tensor.values()).every((own) => own === value);
  };
  if (!all(1, 1) || !all(2, 0)) return false;
  const byChannels = (role: string): Held | undefined => {
    const tensor = graph.tensor(weights[role]);
    const before = shape.length - (tensor?.shape.length ?? 0);
    const own = tensor?.shape.every((size, k) => size === (before + k === 1 ? channels : 1));
    return tensor && own && before <= 1 ? { tensor, shape: [channels] } : undefined;
  };
  const [scale, shift] = [byChannels("scale"), byChannels("shift")];
  if (!scale && graph.scalar(weights.scale) !== 1) return false;
  if (!shift && graph.scalar(weights.shift) !== 0) return false;
  builder.add(
    {
      name,
      module: moduleName(nodes, weights.weight ?? weights.scale),
      inputs: [builder.value(inputs[0])],
      kind: "norm",
      norm: "group",
      groups,
      channelsFirst: true,
      epsilon: short(Number(options.epsilon ?? 1e-5)),
      without: [...(scale ? [] : ["scale"]), ...(shift ? [] : ["shift"])],
    },
    { scale, shift },
  );
  return true;
}
