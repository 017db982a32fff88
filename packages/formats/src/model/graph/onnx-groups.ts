import { elementCount } from "../../array-file.js";
import { moduleName } from "../layers/module-name.js";
import type { Matched } from "../layers/onnx-graph.js";
import { list } from "../layers/onnx-graph.js";
import type { Held } from "./graph-builder.js";
import type { Operator } from "./onnx-operators.js";

/** Adds the layer that a group of operators is; false where they are better run one by one. */
export function groupNode({ parts, nodes }: Matched, { builder, graph, shapes }: Omit<Operator, "node" | "module">): boolean {
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
