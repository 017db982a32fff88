import type { ModelNode } from "../model-file.js";
import { fansOfRows, type LayerParts } from "./layer.js";
import { list, near, type OnnxGraph } from "./onnx-graph.js";
import { clipBounds } from "./patterns/activations.js";
import { unknownLayer } from "./unknown-layer.js";

type Reader = (node: ModelNode, graph: OnnxGraph) => LayerParts;

/** The layer that a single operator is. */
export function operatorLayer(node: ModelNode, graph: OnnxGraph): LayerParts {
  if (node.domain !== "")
    return unknownLayer(node, graph, `${node.operator} is of the domain ${node.domain.slice(0, 80)}, not a standard operator`);
  return operators[node.operator]?.(node, graph) ?? unknownLayer(node, graph, whyUnknown(node.operator));
}

function whyUnknown(operator: string): string {
  if (["If", "Loop", "Scan"].includes(operator)) return `${operator} chooses at run time what is computed`;
  if (/quantize|QLinear|Integer$/i.test(operator)) return `${operator} computes with quantised numbers`;
  if (/^Sequence|^Optional|String|Regex|^TfIdf/.test(operator)) return `${operator} is about sequences or texts, not layers`;
  return `${operator.slice(0, 80)} is no layer that Sonde knows`;
}

const activation =
  (name: string, data = 1): Reader =>
  ({ inputs }) => ({
    kind: "activation",
    inputs: inputs.slice(0, data),
    options: { activation: name },
  });

/** An activation with its parameter behind a colon, as Sonde writes it. */
const parametric =
  (name: string, attribute: string, otherwise: number): Reader =>
  ({ inputs, attributes }) => ({
    kind: "activation",
    inputs: inputs.slice(0, 1),
    options: { activation: `${name}:${rounded(Number(attributes[attribute] ?? otherwise))}` },
  });

/** Attributes are float32: 0.01 is written 0.01. */
function rounded(value: number): number {
  return Number(value.toPrecision(7));
}

const plain =
  (kind: LayerParts["kind"], data = Number.POSITIVE_INFINITY): Reader =>
  ({ inputs, attributes, operator }, graph) => ({
    kind,
    inputs: inputs.slice(0, data).filter((name) => name !== "" && !graph.tensor(name)),
    options: { operator, ...attributes },
  });

const windowed =
  (kind: "conv" | "conv-transpose"): Reader =>
  ({ inputs: [value, weight, bias], attributes }, graph) => {
    const shape = graph.tensor(weight)?.shape;
    if (!shape || shape.length < 3) return { kind, unsupported: "its kernel is computed while it runs" };
    const group = Number(attributes.group ?? 1);
    const [first, second, ...kernel] = shape;
    const transposed = kind === "conv-transpose";
    // A transposed kernel is [in, out / groups, ...].
    const channels = transposed ? second * group : first;
    const field = kernel.reduce((product, size) => product * size, 1);
    return {
      kind,
      inputs: [value],
      weights: { weight, ...(bias && { bias }) },
      fans: transposed ? { in: second * field, out: first * field } : fansOfRows(shape),
      options: {
        channels,
        kernel,
        strides: list(attributes.strides) ?? kernel.map(() => 1),
        pads: list(attributes.pads) ?? kernel.flatMap(() => [0, 0]),
        dilations: list(attributes.dilations) ?? kernel.map(() => 1),
        groups: group,
        ...(attributes.auto_pad !== undefined && attributes.auto_pad !== "NOTSET" && { autoPad: attributes.auto_pad }),
        ...(transposed && attributes.output_padding !== undefined && { outputPadding: attributes.output_padding }),
      },
    };
  };

const pool =
  (how: string, global = false): Reader =>
  ({ inputs: [value], attributes }) => ({
    kind: "pool",
    inputs: [value],
    options: global
      ? { pool: how, window: "global" }
      : {
          pool: how,
          window: list(attributes.kernel_shape),
          strides: list(attributes.strides) ?? list(attributes.kernel_shape)?.map(() => 1),
          pads: list(attributes.pads) ?? list(attributes.kernel_shape)?.flatMap(() => [0, 0]),
          ...(attributes.ceil_mode === 1 && { ceil: true }),
          ...(how === "mean" && { countsPadding: attributes.count_include_pad === 1 }),
        },
  });

const norm =
  (kind: string, roles: readonly string[]): Reader =>
  ({ inputs: [value, ...tensors], attributes, outputs }) => ({
    kind: "norm",
    inputs: [value],
    weights: Object.fromEntries(roles.flatMap((role, k) => (tensors[k] ? [[role, tensors[k]]] : []))),
    options: {
      norm: kind,
      epsilon: rounded(Number(attributes.epsilon ?? 1e-5)),
      ...(attributes.axis !== undefined && { axis: attributes.axis }),
      ...(attributes.num_groups !== undefined && { groups: attributes.num_groups }),
      ...(kind === "batch" && {
        statistics: attributes.training_mode === 1 || outputs.filter(Boolean).length > 1 ? "batch" : "running",
      }),
    },
  });

const recurrent =
  (cell: string): Reader =>
  ({ inputs: [value, weight, recurrentWeight, bias], attributes }, graph) => {
    const shape = graph.tensor(weight)?.shape;
    return {
      kind: "recurrent",
      inputs: [value],
      weights: Object.fromEntries(
        [
          ["weight", weight],
          ["recurrentWeight", recurrentWeight],
          ["bias", bias],
        ].filter(([, name]) => name && graph.tensor(name)),
      ),
      ...(shape?.length === 3 && { fans: { in: shape[2], out: Number(attributes.hidden_size ?? shape[1]) } }),
      options: { cell, units: attributes.hidden_size, direction: attributes.direction ?? "forward" },
    };
  };

/** A sum, product or the like of two values, or of a value and a tensor. */
const combined =
  (kind: "add" | "multiply" | "arithmetic"): Reader =>
  ({ inputs, operator }, graph) => {
    const values = inputs.filter((name) => name !== "" && !graph.tensor(name));
    const held = inputs.find((name) => graph.tensor(name));
    if (held === undefined) return { kind, inputs: values, options: { operator } };
    const scalar = graph.scalar(held);
    if (scalar !== undefined) return { kind: "arithmetic", inputs: values, options: { operator, by: rounded(scalar) } };
    const role = operator === "Mul" || operator === "Div" ? "scale" : "shift";
    return { kind: "scale-shift", inputs: values, weights: { [role]: held }, options: { operator } };
  };

const operators: Readonly<Record<string, Reader>> = {
  Gemm: ({ inputs: [value, weight, bias], attributes }, graph) => {
    const shape = graph.tensor(weight)?.shape;
    if (shape?.length !== 2) return { kind: "arithmetic", inputs: [value, weight], options: { operator: "Gemm" } };
    const turned = attributes.transB === 1;
    const [out, ins] = turned ? shape : [shape[1], shape[0]];
    const factors = {
      alpha: Number(attributes.alpha ?? 1),
      beta: Number(attributes.beta ?? 1),
      transA: Number(attributes.transA ?? 0),
    };
    return {
      kind: "dense",
      inputs: [value],
      weights: { weight, ...(bias && graph.tensor(bias) && { bias }) },
      fans: { in: ins, out },
      options: {
        units: out,
        rows: turned ? "units" : "inputs",
        ...(factors.alpha !== 1 && { alpha: factors.alpha }),
        ...(factors.beta !== 1 && { beta: factors.beta }),
        ...(factors.transA === 1 && { transposed: true }),
      },
    };
  },
  MatMul: ({ inputs }, graph) => ({
    kind: "arithmetic",
    inputs: inputs.filter((name) => !graph.tensor(name)),
    options: { operator: "MatMul" },
  }),
  Conv: windowed("conv"),
  ConvTranspose: windowed("conv-transpose"),
  Relu: activation("relu"),
  Sigmoid: activation("sigmoid"),
  Tanh: activation("tanh"),
  Erf: activation("erf"),
  Softplus: activation("softplus"),
  Softsign: activation("softsign"),
  HardSwish: activation("hard-swish"),
  Mish: activation("mish"),
  Sin: activation("sin"),
  Abs: activation("abs"),
  Softmax: activation("softmax"),
  LogSoftmax: activation("log-softmax"),
  Gelu: ({ inputs, attributes }) => ({
    kind: "activation",
    inputs: inputs.slice(0, 1),
    options: { activation: attributes.approximate === "tanh" ? "gelu-tanh" : "gelu" },
  }),
  LeakyRelu: parametric("leaky-relu", "alpha", 0.01),
  ThresholdedRelu: parametric("thresholded-relu", "alpha", 1),
  Celu: parametric("celu", "alpha", 1),
  Elu: ({ inputs, attributes }) => {
    const alpha = rounded(Number(attributes.alpha ?? 1));
    return { kind: "activation", inputs, options: { activation: alpha === 1 ? "elu" : `elu:${alpha}` } };
  },
  Selu: activation("selu"),
  HardSigmoid: ({ inputs, attributes }) => {
    const [alpha, beta] = [Number(attributes.alpha ?? 0.2), Number(attributes.beta ?? 0.5)];
    return {
      kind: "activation",
      inputs,
      options:
        near(alpha, 1 / 6) && near(beta, 0.5)
          ? { activation: "hard-sigmoid" }
          : { activation: "hard-sigmoid", alpha: rounded(alpha), beta: rounded(beta) },
    };
  },
  PRelu: ({ inputs: [value, slope] }) => ({
    kind: "activation",
    inputs: [value],
    weights: { slope },
    options: { activation: "prelu" },
  }),
  Clip: (node, graph) => {
    const [low, high] = clipBounds(node, graph);
    const name = low === 0 && near(high, 6) ? "relu6" : low === 0 && high === undefined ? "relu" : "clip";
    return {
      kind: "activation",
      inputs: node.inputs.slice(0, 1),
      options: name === "clip" ? { activation: name, low, high } : { activation: name },
    };
  },
  BatchNormalization: norm("batch", ["scale", "shift", "mean", "variance"]),
  InstanceNormalization: norm("instance", ["scale", "shift"]),
  LayerNormalization: norm("layer", ["scale", "shift"]),
  GroupNormalization: norm("group", ["scale", "shift"]),
  RMSNormalization: norm("rms", ["scale"]),
  SimplifiedLayerNormalization: norm("rms", ["scale"]),
  LRN: norm("local-response", []),
  LpNormalization: norm("lp", []),
  MaxPool: pool("max"),
  AveragePool: pool("mean"),
  GlobalAveragePool: pool("mean", true),
  GlobalMaxPool: pool("max", true),
  Add: combined("add"),
  Sum: plain("add"),
  Mul: combined("multiply"),
  Sub: combined("arithmetic"),
  Div: combined("arithmetic"),
  Concat: plain("concat"),
  Flatten: plain("flatten"),
  Reshape: plain("reshape", 1),
  Transpose: plain("transpose"),
  Pad: plain("pad", 1),
  Resize: plain("upsample", 1),
  Upsample: plain("upsample", 1),
  Dropout: plain("dropout", 1),
  LSTM: recurrent("lstm"),
  GRU: recurrent("gru"),
  RNN: recurrent("rnn"),
  Gather: (node, graph) => {
    const table = graph.tensor(node.inputs[0]);
    if (table?.shape.length === 2 && !graph.tensor(node.inputs[1]) && Number(node.attributes.axis ?? 0) === 0)
      return {
        kind: "embedding",
        inputs: [node.inputs[1]],
        weights: { weight: node.inputs[0] },
        options: { entries: table.shape[0], units: table.shape[1] },
      };
    return plain("select")(node, graph);
  },
  ...Object.fromEntries(
    "Slice Split ScatterND GatherND GatherElements ScatterElements Compress OneHot ReverseSequence CastLike Squeeze Unsqueeze Expand Tile Identity Cast DepthToSpace SpaceToDepth"
      .split(" ")
      .map((name) => [name, plain(name === "Squeeze" || name === "Unsqueeze" ? "reshape" : "select", 1)]),
  ),
  ...Object.fromEntries(
    "ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum ReduceLogSumExp ArgMax ArgMin TopK"
      .split(" ")
      .map((name) => [name, plain("reduce", 1)]),
  ),
  ...Object.fromEntries(
    "Pow Sqrt Exp Log Neg Max Min Mean Where Equal Less Greater Not And Or Reciprocal Mod Einsum BitShift Xor GreaterOrEqual LessOrEqual IsInf IsNaN Acos Acosh Asin Asinh Atan Atanh Cosh Sinh Tan Hardmax ConstantOfShape EyeLike Floor Ceil Round Cos Sign Shape Range Trilu CumSum"
      .split(" ")
      .map((name) => [name, plain("arithmetic")]),
  ),
};
