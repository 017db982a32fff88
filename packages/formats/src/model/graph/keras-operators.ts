import type { GraphLayer, GraphNode } from "@sonde/nets";
import { isRecord } from "../json.js";
import type { ModelLayer } from "../layers/layer.js";
import type { ModelFile, ModelNode, ModelTensor } from "../model-file.js";
import { heldTensor, lazyTensor, numbers } from "../tensor.js";
import type { GraphBuilder, Held } from "./graph-builder.js";
import { Refused } from "./onnx-operators.js";

export { Refused };

/** A layer of a Keras graph, and what is known around it. */
export interface KerasLayer {
  readonly layer: ModelLayer;
  readonly node: ModelNode;
  readonly model: ModelFile;
  readonly builder: GraphBuilder;
  readonly tensors: ReadonlyMap<string, ModelTensor>;
  /** How many axes values have, filled in as layers are added. */
  readonly ranks: Map<string, number>;
}

/** Adds the layers that a Keras layer is. Throws `Refused` where it is not run. */
export function kerasLayer(asked: KerasLayer): void {
  const { layer, node, ranks } = asked;
  const rule =
    rules[node.operator === "SeparableConv2D" || node.operator === "SeparableConvolution2D" ? "separable" : layer.kind];
  if (layer.inputs.length === 0) throw new Refused("it has no inputs");
  if (node.attributes.data_format === "channels_first") throw new Refused("its channels come first");
  if (!rule) throw new Refused(layer.unsupported ?? `${node.operator.slice(0, 80)} is not run`);
  rule(asked);
  if (!ranks.has(layer.outputs[0])) ranks.set(layer.outputs[0], rankOf(asked));
}

function rankOf({ layer: { kind, inputs, options }, node, ranks }: KerasLayer): number {
  const before = ranks.get(inputs[0]) ?? 2;
  if (kind === "flatten" || (kind === "pool" && options.window === "global" && node.attributes.keepdims !== true)) return 2;
  if (kind === "embedding") return before + 1;
  if (kind === "reshape") return 1 + (Array.isArray(options.shape) ? options.shape.length : 0);
  if (kind === "recurrent") return node.attributes.return_sequences === true ? 3 : 2;
  return before;
}

function add(
  { layer, builder }: KerasLayer,
  own: GraphLayer & Partial<GraphNode>,
  weights: Readonly<Record<string, Held | undefined>> = {},
): void {
  const missing = Object.keys(weights).filter((role) => weights[role] === undefined);
  builder.add(
    {
      module: layer.name,
      ...own,
      name: layer.outputs[0],
      inputs: own.inputs ?? layer.inputs.map(builder.value),
      ...(missing.length > 0 && { without: missing }),
    } as GraphNode,
    weights,
  );
}

function held({ layer, tensors }: KerasLayer, role: string, shape?: readonly number[]): Held | undefined {
  const tensor = tensors.get(layer.weights[role]);
  return tensor && { tensor, ...(shape && { shape }) };
}

function needed(asked: KerasLayer, role: string): Held {
  const found = held(asked, role);
  if (!found) throw new Refused(`its ${role} is not in the file`);
  return found;
}

const list = (value: unknown): number[] => (Array.isArray(value) ? value.map(Number) : []);
const pads = (value: unknown): "same" | "valid" => {
  if (value === "same" || value === "valid") return value;
  throw new Refused(`its padding ${String(value).slice(0, 40)} is not run`);
};

type Rule = (asked: KerasLayer) => void;

const conv: Rule = (asked) => {
  const { layer } = asked;
  const { options } = layer;
  const weight = needed(asked, "weight");
  const { shape } = weight.tensor;
  const windows = {
    strides: list(options.strides),
    pads: pads(options.padding),
    ...(Array.isArray(options.dilations) && { dilations: list(options.dilations) }),
  };
  if (options.groups === "channels") {
    const [ins, multiplier] = shape.slice(-2);
    const kernel = shape.slice(0, -2);
    return add(
      asked,
      { kind: "conv", channels: ins * multiplier, kernel, groups: ins, ...windows },
      { weight: { tensor: weight.tensor, shape: [...kernel, 1, ins * multiplier] }, bias: held(asked, "bias") },
    );
  }
  add(
    asked,
    {
      kind: "conv",
      channels: shape[shape.length - 1],
      kernel: shape.slice(0, -2),
      groups: Number(options.groups ?? 1),
      ...windows,
    },
    {
      weight,
      bias: held(asked, "bias"),
    },
  );
};

/** A depthwise convolution and one of a single position. */
const separable: Rule = (asked) => {
  const { node, layer, builder, tensors } = asked;
  const find = (role: string) => tensors.get(node.inputs.find((name) => name.endsWith(`/${role}`)) ?? "");
  const [depthwise, pointwise, bias] = ["depthwise_kernel", "pointwise_kernel", "bias"].map(find);
  if (layer.outputs[0] === undefined || !depthwise || !pointwise) throw new Refused("its kernels are not in the file");
  const [height, width, ins, multiplier] = depthwise.shape;
  const size = (value: unknown) => (typeof value === "number" ? [value, value] : list(value));
  const inner = builder.fresh(`${layer.outputs[0]}/depthwise`);
  builder.add(
    {
      name: inner,
      module: `${layer.name}/depthwise`,
      inputs: layer.inputs.map(builder.value),
      kind: "conv",
      channels: ins * multiplier,
      kernel: [height, width],
      groups: ins,
      strides: size(node.attributes.strides),
      pads: pads(node.attributes.padding),
      without: ["bias"],
    },
    { weight: { tensor: depthwise, shape: [height, width, 1, ins * multiplier] } },
  );
  add(
    asked,
    { kind: "conv", channels: pointwise.shape[3], kernel: [1, 1], inputs: [inner] },
    { weight: { tensor: pointwise }, bias: bias && { tensor: bias } },
  );
};

const convTranspose: Rule = (asked) => {
  const { layer, node } = asked;
  const weight = needed(asked, "weight");
  const kernel = weight.tensor.shape.slice(0, -2);
  const strides = list(layer.options.strides);
  if (Array.isArray(node.attributes.output_padding)) throw new Refused("it has an output_padding");
  const valid = pads(layer.options.padding) === "valid";
  add(
    asked,
    {
      kind: "conv-transpose",
      channels: weight.tensor.shape.at(-2) ?? 0,
      kernel,
      strides,
      pads: valid ? "valid" : "same",
      ...(valid && { outputPadding: kernel.map((size, axis) => Math.max(0, strides[axis] - size)) }),
    },
    { weight, bias: held(asked, "bias") },
  );
};

const norm: Rule = (asked) => {
  const { layer, ranks } = asked;
  const { norm: name, epsilon, axis, groups } = layer.options;
  const rank = ranks.get(layer.inputs[0]) ?? 2;
  const axes = (Array.isArray(axis) ? axis : [axis ?? -1]).map((a) => (Number(a) < 0 ? Number(a) + rank : Number(a)));
  if (axes.length !== 1 || axes[0] !== rank - 1) throw new Refused("it normalises other axes than the last");
  if (!["batch", "layer", "rms", "group"].includes(String(name))) throw new Refused(`${String(name)} norm is not run`);
  add(
    asked,
    {
      kind: "norm",
      norm: name as "batch",
      epsilon: Number(epsilon ?? 1e-3),
      ...(name === "batch" && { statistics: "running" }),
      ...(groups !== undefined && { groups: Number(groups) }),
    },
    {
      scale: held(asked, "scale"),
      shift: held(asked, "shift"),
      ...(name === "batch" && { mean: needed(asked, "mean"), variance: needed(asked, "variance") }),
    },
  );
};

const activation: Rule = (asked) => {
  const { layer, model, node } = asked;
  const name = String(layer.options.activation);
  if (name === "linear") return add(asked, { kind: "identity" });
  if (name === "softmax" || name === "log-softmax") {
    const axis = node.operator === "Softmax" && typeof node.attributes.axis === "number" ? node.attributes.axis : -1;
    return add(asked, { kind: "softmax", axis, ...(name !== "softmax" && { log: true }) });
  }
  if (name === "prelu") {
    const slope = needed(asked, "slope");
    return add(asked, { kind: "activation", activation: name, slopes: slope.tensor.shape }, { slope });
  }
  // Before Keras 3 the slope was 0.2.
  const steep = name === "hard-sigmoid" && !/Keras 3/.test(model.version);
  add(asked, { kind: "activation", activation: steep ? "hard-sigmoid:0.2,0.5" : name });
};

const pool: Rule = (asked) => {
  const { layer, node } = asked;
  const { pool: how, window, strides, padding } = layer.options;
  const kind = { kind: "pool", pool: how === "max" ? "max" : "average" } as const;
  if (window === "global") return add(asked, { ...kind, window, ...(node.attributes.keepdims === true && { keepsAxes: true }) });
  add(asked, { ...kind, window: list(window), strides: list(strides), pads: pads(padding ?? "valid") });
};

const arithmetic: Rule = (asked) => {
  const { operator } = asked.layer.options;
  const { inputs } = asked.layer;
  if (operator === "Mean") return add(asked, { kind: "add", factors: inputs.map(() => 1 / inputs.length) });
  if (operator !== "Sub") throw new Refused(`${String(operator)} is not run`);
  add(asked, { kind: "elementwise", function: "subtract" });
};

/** Gates of Keras in the order of ONNX. */
const orders: Readonly<Record<string, readonly number[]>> = { lstm: [0, 3, 1, 2], gru: [0, 1, 2], rnn: [0] };

const recurrent: Rule = (asked) => {
  const { layer, node } = asked;
  const cell = String(layer.options.cell) as "lstm" | "gru" | "rnn";
  const order = orders[cell];
  const [weight, state] = [needed(asked, "weight"), needed(asked, "recurrentWeight")];
  const bias = held(asked, "bias");
  const units = Number(layer.options.units);
  const rows = order.length * units;
  const turned = ({ tensor }: Held): Held => {
    const [inputs] = tensor.shape;
    const make = () => {
      const values = numbers(tensor.values());
      return Float64Array.from({ length: rows * inputs }, (_, k) => {
        const row = Math.floor(k / inputs);
        return values[(k % inputs) * rows + order[Math.floor(row / units)] * units + (row % units)];
      });
    };
    return { tensor: lazyTensor(tensor.name, [1, rows, inputs], "float64", make) };
  };
  const ordered = ({ tensor }: Held, start: number): Held => ({
    tensor: lazyTensor(tensor.name, [1, rows], "float64", () => {
      const values = numbers(tensor.values());
      return Float64Array.from({ length: rows }, (_, k) => values[start + order[Math.floor(k / units)] * units + (k % units)]);
    }),
  });
  const apart = bias?.tensor.shape.length === 2;
  const weights = {
    weight: turned(weight),
    recurrentWeight: turned(state),
    bias: bias && ordered(bias, 0),
    recurrentBias: bias && apart ? ordered(bias, rows) : undefined,
    ...(cell === "lstm" && { peepholes: undefined }),
  };
  const name = (value: unknown) =>
    typeof value === "string" ? (value === "hard-sigmoid" ? "hard-sigmoid:0.2,0.5" : value) : undefined;
  const [gate, own] = [name(layer.options.recurrentActivation), name(layer.options.activation)];
  add(
    asked,
    {
      kind: "recurrent",
      cell,
      units,
      pointsFirst: true,
      output: node.attributes.return_sequences === true ? "all" : "last",
      ...(node.attributes.go_backwards === true && { direction: "reverse" as const }),
      ...(gate && { gate }),
      ...(own && { activation: own }),
      ...(cell === "gru" && (apart || node.attributes.reset_after === true) && { resetAfter: true }),
    },
    weights,
  );
};

const padded: Rule = (asked) => {
  const { padding } = asked.node.attributes;
  const sides = Array.isArray(padding)
    ? padding.map((side) => (Array.isArray(side) ? list(side) : [Number(side), Number(side)]))
    : [
        [Number(padding), Number(padding)],
        [Number(padding), Number(padding)],
      ];
  add(asked, { kind: "pad", pads: [0, ...sides.map(([before]) => before), 0, 0, ...sides.map(([, after]) => after), 0] });
};

const upsample: Rule = (asked) => {
  const { size, interpolation } = asked.layer.options;
  const by = Array.isArray(size) ? list(size) : [Number(size), Number(size)];
  if (interpolation !== undefined && interpolation !== "nearest" && interpolation !== "bilinear")
    throw new Refused(`its interpolation ${String(interpolation).slice(0, 40)} is not run`);
  const linear = interpolation === "bilinear";
  add(asked, {
    kind: "upsample",
    scales: [1, ...by, 1],
    mode: linear ? "linear" : "nearest",
    ...(!linear && { coordinates: "asymmetric", rounding: "floor" }),
  });
};

/** y = scale x + offset, the same for all or for each channel. */
const rescaled: Rule = (asked) => {
  const { layer, builder } = asked;
  const number = (value: unknown, otherwise: number) =>
    typeof value === "number" ? value : isRecord(value) || Array.isArray(value) ? Number.NaN : otherwise;
  const [scale, offset] = [number(layer.options.scale, 1), number(layer.options.offset, 0)];
  if (Number.isNaN(scale) || Number.isNaN(offset)) throw new Refused("it scales channels apart");
  const shift = builder.fresh(`${layer.outputs[0]}/offset`);
  builder.add(
    { name: shift, inputs: [], kind: "constant", shape: [1] },
    { value: { tensor: heldTensor(shift, [1], "float64", Float64Array.of(offset)) } },
  );
  add(asked, { kind: "add", factors: [scale, 1], inputs: [...layer.inputs.map(builder.value), shift] });
};

const rules: Readonly<Record<string, Rule>> = {
  dense: (asked) => {
    const weight = needed(asked, "weight");
    add(asked, { kind: "dense", units: weight.tensor.shape[1] }, { weight, bias: held(asked, "bias") });
  },
  conv,
  separable,
  "conv-transpose": convTranspose,
  norm,
  activation,
  pool,
  recurrent,
  arithmetic,
  embedding: (asked) => {
    const weight = needed(asked, "weight");
    const [entries, units] = weight.tensor.shape;
    add(asked, { kind: "embedding", entries, units }, { weight });
  },
  add: (asked) => add(asked, { kind: "add" }),
  multiply: (asked) => add(asked, { kind: "multiply" }),
  concat: (asked) => add(asked, { kind: "concat", axis: Number(asked.node.attributes.axis ?? -1) }),
  flatten: (asked) => add(asked, { kind: "flatten" }),
  reshape: (asked) => add(asked, { kind: "reshape", shape: [0, ...list(asked.layer.options.shape)] }),
  transpose: (asked) => add(asked, { kind: "transpose", order: [0, ...list(asked.layer.options.dims)] }),
  pad: padded,
  upsample,
  dropout: (asked) => add(asked, { kind: "identity" }),
  "scale-shift": rescaled,
};
