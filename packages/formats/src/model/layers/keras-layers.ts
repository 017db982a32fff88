import { isRecord } from "../json.js";
import type { ModelFile, ModelNode, ModelTensor } from "../model-file.js";
import { fansOfColumns, type LayerParts, type ModelLayer, tensorsByName } from "./layer.js";

type Reader = (config: Readonly<Record<string, unknown>>, weights: Weights) => LayerParts;

/** The tensors of a layer: names by roles, and shapes. */
interface Weights {
  readonly names: Readonly<Record<string, string>>;
  readonly shape: (role: string) => readonly number[] | undefined;
}

/** The layers of a Keras graph: one for each of its own, and one more for an activation inside. */
export function kerasLayers(model: ModelFile): ModelLayer[] {
  const tensors = tensorsByName(model);
  return (model.nodes ?? []).flatMap((node) => kerasLayersOf(node, tensors));
}

/** The layers that a Keras layer is: itself, and the activation inside. */
export function kerasLayersOf(node: ModelNode, tensors: ReadonlyMap<string, ModelTensor>): ModelLayer[] {
  const { attributes, outputs } = node;
  const own = node.inputs.filter((name) => tensors.has(name));
  const names = Object.fromEntries(own.map((name) => [name.slice(name.lastIndexOf("/") + 1), name]));
  const shape = (role: string) => tensors.get(names[role])?.shape;
  const parts = (classes[node.operator] ?? unknown(node.operator))(attributes, { names, shape });
  const inputs = node.inputs.filter((name) => !tensors.has(name));
  const { kind, weights = {}, options = {}, fans, unsupported } = parts;
  const initialisers = configured(attributes);
  const layer: ModelLayer = {
    name: node.name,
    kind,
    inputs,
    outputs,
    weights,
    ...(fans && { fans }),
    options: { ...options, ...(Object.keys(initialisers).length > 0 && { initialisers }) },
    shape: null,
    operators: [node.name],
    ...(unsupported !== undefined && { unsupported }),
  };
  const inner = activationOf(attributes.activation);
  if (kind === "activation" || kind === "recurrent" || inner === undefined || inner === "linear") return [layer];
  const [output] = outputs;
  const between = `${output}/before`;
  return [
    { ...layer, outputs: [between] },
    {
      name: `${node.name}`,
      kind: "activation",
      inputs: [between],
      outputs,
      weights: {},
      options: { activation: inner },
      shape: null,
      operators: [node.name],
    },
  ];
}

/** Initialisers that the configuration names, by the weight's role: Keras's class name and what it is given. */
function configured(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) => {
      const [, role] = /^(kernel|bias|recurrent|depthwise|pointwise|embeddings)_initializer$/.exec(key) ?? [];
      if (!role || value === null || value === undefined) return [];
      return [[role, isRecord(value) ? { name: value.class_name, ...present(value.config) } : { name: value }]];
    }),
  );
}

/** What a configuration says; much of it is null. */
function present(config: unknown): Record<string, unknown> {
  return isRecord(config) ? Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null)) : {};
}

/** An activation by Sonde's name of it. */
function activationOf(value: unknown): string | undefined {
  const name = isRecord(value) ? (value.class_name ?? value.config) : value;
  if (typeof name !== "string") return undefined;
  const known: Readonly<Record<string, string>> = {
    swish: "silu",
    hard_sigmoid: "hard-sigmoid",
    hard_silu: "hard-swish",
    hard_swish: "hard-swish",
    leaky_relu: "leaky-relu:0.2",
    log_softmax: "log-softmax",
    exponential: "exp",
  };
  return known[name] ?? name.slice(0, 80);
}

/** The tensors that are there. */
function roles(named: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

const unknown =
  (operator: string): Reader =>
  () => ({ kind: "other", unsupported: `${operator.slice(0, 80)} is no layer of Keras that Sonde knows` });

const both = (value: unknown, rank: number): unknown => (typeof value === "number" ? Array(rank).fill(value) : value);

const kernelled =
  (kind: LayerParts["kind"], more: Reader | undefined = undefined): Reader =>
  (config, weights) => {
    const shape = weights.shape("kernel");
    return {
      kind,
      weights: {
        ...(weights.names.kernel && { weight: weights.names.kernel }),
        ...(weights.names.bias && { bias: weights.names.bias }),
      },
      ...(shape && shape.length >= 2 && { fans: fansOfColumns(shape) }),
      ...more?.(config, weights),
    };
  };

const conv = (rank: number, kind: "conv" | "conv-transpose" = "conv"): Reader =>
  kernelled(kind, (config, { shape }) => {
    const kernel = shape("kernel");
    const transposed = kind === "conv-transpose" && kernel;
    return {
      kind,
      ...(transposed && { fans: swapped(fansOfColumns(kernel)) }),
      options: {
        channels: config.filters,
        kernel: both(config.kernel_size, rank),
        strides: both(config.strides, rank),
        dilations: both(config.dilation_rate, rank),
        padding: config.padding,
        groups: config.groups ?? 1,
        channelsFirst: config.data_format === "channels_first",
      },
    };
  });

function swapped({ in: ins, out }: { in: number; out: number }): { in: number; out: number } {
  return { in: out, out: ins };
}

const pool =
  (how: string, rank: number): Reader =>
  (config) => ({
    kind: "pool",
    options: {
      pool: how,
      window: both(config.pool_size, rank),
      strides: both(config.strides ?? config.pool_size, rank),
      padding: config.padding,
    },
  });

const norm =
  (kind: string): Reader =>
  (config, { names }) => ({
    kind: "norm",
    weights: Object.fromEntries(
      [
        ["scale", names.gamma],
        ["shift", names.beta],
        ["mean", names.moving_mean],
        ["variance", names.moving_variance],
      ].filter(([, name]) => name),
    ),
    options: {
      norm: kind,
      epsilon: config.epsilon,
      axis: config.axis,
      ...(config.groups !== undefined && { groups: config.groups }),
    },
  });

const plain =
  (kind: LayerParts["kind"], options: Readonly<Record<string, unknown>> = {}): Reader =>
  () => ({ kind, options });

const recurrent =
  (cell: string): Reader =>
  (config, { names, shape }) => {
    const kernel = shape("kernel");
    return {
      kind: "recurrent",
      weights: Object.fromEntries(
        [
          ["weight", names.kernel],
          ["recurrentWeight", names.recurrent_kernel],
          ["bias", names.bias],
        ].filter(([, name]) => name),
      ),
      ...(kernel && { fans: fansOfColumns(kernel) }),
      options: {
        cell,
        units: config.units,
        activation: activationOf(config.activation),
        recurrentActivation: activationOf(config.recurrent_activation),
      },
    };
  };

const parametric =
  (name: string, fields: readonly string[], otherwise: number): Reader =>
  (config) => {
    const value = fields.map((field) => config[field]).find((entry) => typeof entry === "number") ?? otherwise;
    return { kind: "activation", options: { activation: name === "elu" && value === 1 ? "elu" : `${name}:${value}` } };
  };

const relu: Reader = ({ max_value: most, negative_slope: slope, alpha, threshold }) => {
  const leak = typeof slope === "number" ? slope : typeof alpha === "number" ? alpha : 0;
  if (threshold) return { kind: "other", unsupported: "ReLU with a threshold is no layer that Sonde knows" };
  return { kind: "activation", options: { activation: most === 6 ? "relu6" : leak > 0 ? `leaky-relu:${leak}` : "relu" } };
};

const depthwise: Reader = (config, { names, shape }) => {
  const kernel = shape("depthwise_kernel") ?? shape("kernel");
  const weight = names.depthwise_kernel ?? names.kernel;
  return {
    kind: "conv",
    weights: { ...(weight && { weight }), ...(names.bias && { bias: names.bias }) },
    // Each output channel sees one channel of the input.
    ...(kernel?.length === 4 && { fans: { in: kernel[0] * kernel[1], out: kernel[0] * kernel[1] * kernel[3] } }),
    options: {
      kernel: both(config.kernel_size, 2),
      strides: both(config.strides, 2),
      padding: config.padding,
      groups: "channels",
      multiplier: config.depth_multiplier,
    },
  };
};

const classes: Readonly<Record<string, Reader>> = {
  Dense: kernelled("dense", ({ units }) => ({ kind: "dense", options: { units, rows: "inputs" } })),
  Conv1D: conv(1),
  Conv2D: conv(2),
  Convolution2D: conv(2),
  Conv3D: conv(3),
  Conv1DTranspose: conv(1, "conv-transpose"),
  Conv2DTranspose: conv(2, "conv-transpose"),
  DepthwiseConv2D: depthwise,
  SeparableConv2D: (config, weights) => ({
    ...depthwise(config, weights),
    kind: "other",
    unsupported: "SeparableConv2D is two convolutions in one: split it into DepthwiseConv2D and Conv2D",
  }),
  Embedding: ({ input_dim: entries, output_dim: units }, { names }) => ({
    kind: "embedding",
    weights: roles({ weight: names.embeddings }),
    options: { entries, units },
  }),
  LSTM: recurrent("lstm"),
  GRU: recurrent("gru"),
  SimpleRNN: recurrent("rnn"),
  BatchNormalization: norm("batch"),
  LayerNormalization: norm("layer"),
  GroupNormalization: norm("group"),
  RMSNormalization: norm("rms"),
  Activation: ({ activation }) => ({ kind: "activation", options: { activation: activationOf(activation) ?? "linear" } }),
  ReLU: relu,
  LeakyReLU: parametric("leaky-relu", ["negative_slope", "alpha"], 0.3),
  ELU: parametric("elu", ["alpha"], 1),
  Softmax: plain("activation", { activation: "softmax" }),
  PReLU: (_config, { names }) => ({
    kind: "activation",
    weights: roles({ slope: names.alpha }),
    options: { activation: "prelu" },
  }),
  MaxPooling1D: pool("max", 1),
  MaxPooling2D: pool("max", 2),
  MaxPooling3D: pool("max", 3),
  AveragePooling1D: pool("mean", 1),
  AveragePooling2D: pool("mean", 2),
  AveragePooling3D: pool("mean", 3),
  GlobalAveragePooling1D: plain("pool", { pool: "mean", window: "global" }),
  GlobalAveragePooling2D: plain("pool", { pool: "mean", window: "global" }),
  GlobalMaxPooling2D: plain("pool", { pool: "max", window: "global" }),
  Add: plain("add"),
  Concatenate: plain("concat"),
  Multiply: plain("multiply"),
  Subtract: plain("arithmetic", { operator: "Sub" }),
  Average: plain("arithmetic", { operator: "Mean" }),
  Flatten: plain("flatten"),
  Reshape: ({ target_shape: shape }) => ({ kind: "reshape", options: { shape } }),
  Permute: ({ dims }) => ({ kind: "transpose", options: { dims } }),
  ZeroPadding2D: ({ padding }) => ({ kind: "pad", options: { padding } }),
  UpSampling2D: ({ size, interpolation }) => ({ kind: "upsample", options: { size, interpolation } }),
  Dropout: ({ rate }) => ({ kind: "dropout", options: { rate } }),
  SpatialDropout2D: ({ rate }) => ({ kind: "dropout", options: { rate } }),
  GaussianNoise: plain("dropout"),
  Rescaling: ({ scale, offset }) => ({ kind: "scale-shift", options: { scale, offset } }),
};
