import type { Dimension, ModelNode } from "../model-file.js";
import { broadcast } from "./constants.js";
import { type Known, knownEntries, knownNumbers } from "./fold.js";

type Shape = readonly Dimension[];
type Rule = (node: ModelNode, shape: Shape, known: Known) => (Shape | undefined)[] | Shape | undefined;

/** The shapes of a node's outputs, as far as its inputs' shapes tell them; open axes keep their names. */
export function inferShape(node: ModelNode, known: Known): readonly (Shape | undefined)[] {
  const first = known.shapes.get(node.inputs[0]);
  if (node.domain !== "" || !first) return [];
  const found = rules[node.operator]?.(node, first, known);
  if (!found) return [];
  return isList(found) ? found : [found];
}

function isList(found: (Shape | undefined)[] | Shape): found is (Shape | undefined)[] {
  return found.some((entry) => Array.isArray(entry) || entry === undefined);
}

const same: Rule = (_node, shape) => shape;

const elementwise: Rule = ({ inputs }, _shape, { shapes }) => {
  let result: Dimension[] | undefined;
  for (const name of inputs) {
    const shape = shapes.get(name);
    if (!shape) return undefined;
    result = result === undefined ? [...shape] : broadcast(result, [...shape]);
    if (!result) return undefined;
  }
  return result;
};

function named(names: string, rule: Rule): Record<string, Rule> {
  return Object.fromEntries(names.split(" ").map((name) => [name, rule]));
}

const numbersOf = (value: unknown): number[] | undefined => (Array.isArray(value) ? (value as number[]) : undefined);

/** Sizes behind a window that moves over the positions; `undefined` where an axis is open. */
function windowed(node: ModelNode, positions: Shape, kernel: readonly number[]): (Dimension | undefined)[] {
  const { attributes } = node;
  const rank = kernel.length;
  const strides = numbersOf(attributes.strides) ?? Array(rank).fill(1);
  const dilations = numbersOf(attributes.dilations) ?? Array(rank).fill(1);
  const pads = numbersOf(attributes.pads) ?? Array(2 * rank).fill(0);
  const same = String(attributes.auto_pad ?? "").startsWith("SAME");
  const round = attributes.ceil_mode === 1 ? Math.ceil : Math.floor;
  return positions.map((size, k) => {
    if (typeof size !== "number") return `${node.outputs[0]}.${k + 2}`;
    if (same) return Math.ceil(size / strides[k]);
    const reach = dilations[k] * (kernel[k] - 1) + 1;
    return Math.max(0, round((size + pads[k] + pads[k + rank] - reach) / strides[k]) + 1);
  });
}

const conv: Rule = (node, shape, { shapes }) => {
  const weights = shapes.get(node.inputs[1]);
  if (!weights || weights.length !== shape.length) return undefined;
  return [shape[0], weights[0], ...windowed(node, shape.slice(2), weights.slice(2) as number[])] as Shape;
};

const pool: Rule = (node, shape) => {
  const kernel = numbersOf(node.attributes.kernel_shape);
  return kernel && kernel.length === shape.length - 2
    ? ([shape[0], shape[1], ...windowed(node, shape.slice(2), kernel)] as Shape)
    : undefined;
};

const matmul: Rule = ({ inputs }, a, { shapes }) => {
  const b = shapes.get(inputs[1]);
  if (!b || a.length < 2 || b.length < 2) return undefined;
  const batch = broadcast([...a.slice(0, -2)], [...b.slice(0, -2)]);
  return batch && [...batch, a[a.length - 2], b[b.length - 1]];
};

const reduce: Rule = ({ inputs, attributes }, shape, known) => {
  const axes = numbersOf(attributes.axes) ?? (inputs[1] ? knownNumbers(known, inputs[1]) : shape.map((_, axis) => axis));
  if (!axes) return undefined;
  const gone = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
  if (Number(attributes.keepdims ?? 1) !== 0) return shape.map((size, axis) => (gone.includes(axis) ? 1 : size));
  return shape.filter((_, axis) => !gone.includes(axis));
};

/** The index of the largest or smallest along an axis. */
const pick: Rule = ({ attributes }, shape) => {
  const axis = Number(attributes.axis ?? 0);
  const at = axis < 0 ? axis + shape.length : axis;
  return Number(attributes.keepdims ?? 1) !== 0
    ? shape.map((size, k) => (k === at ? 1 : size))
    : shape.filter((_, k) => k !== at);
};

const reshape: Rule = (node, shape, known) => {
  const asked = knownEntries(known, node.inputs[1]) ?? (node.attributes.shape as Dimension[] | undefined);
  if (!asked || asked.length > 64) return undefined;
  const kept = asked.map((size, k) => (size === 0 ? (shape[k] ?? 0) : size));
  if (!kept.includes(-1)) return kept;
  // What is open on both sides cancels.
  const from = [...shape];
  let rest = 1;
  for (const size of kept) {
    const at = typeof size === "string" ? from.indexOf(size) : -1;
    if (at >= 0) from.splice(at, 1);
    else if (typeof size === "string") return kept.map((entry) => (entry === -1 ? `${node.outputs[0]}.rest` : entry));
    else if (size !== -1) rest *= size;
  }
  const open = from.filter((size): size is string => typeof size === "string");
  const count = from.reduce<number>((product, size) => (typeof size === "number" ? product * size : product), 1);
  // A single open axis whose other sizes are used up is itself.
  const filled: Dimension =
    open.length === 0 ? count / rest : open.length === 1 && count === rest ? open[0] : `${node.outputs[0]}.rest`;
  return kept.map((size) => (size === -1 ? filled : size));
};

const rules: Readonly<Record<string, Rule>> = {
  ...named(
    "Relu LeakyRelu Elu Celu Selu ThresholdedRelu Sigmoid HardSigmoid HardSwish Tanh Softplus Softsign Gelu Mish Softmax LogSoftmax Erf Sqrt Exp Log Abs Neg Sign Floor Ceil Round Reciprocal Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh IsNaN Clip Cast Identity Dropout LayerNormalization InstanceNormalization GroupNormalization LpNormalization LRN MeanVarianceNormalization Not Hardmax CumSum Trilu Shrink SimplifiedLayerNormalization RMSNormalization BatchNormalization",
    same,
  ),
  ...named(
    "Add Sub Mul Div Pow Max Min Sum Mean Where PRelu Equal Less LessOrEqual Greater GreaterOrEqual And Or Xor Mod",
    elementwise,
  ),
  ...named(
    "ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum ReduceLogSumExp",
    reduce,
  ),
  ...named("ArgMax ArgMin", pick),
  ...named("MaxPool AveragePool LpPool", pool),
  ...named("GlobalAveragePool GlobalMaxPool", (_node, shape) => shape.map((size, axis) => (axis < 2 ? size : 1))),
  ...named("LSTM GRU RNN", ({ attributes }, shape) => {
    const directions = attributes.direction === "bidirectional" ? 2 : 1;
    const units = Number(attributes.hidden_size);
    // Points come first with layout 1.
    const pointsFirst = attributes.layout === 1;
    const [steps, points] = pointsFirst ? [shape[1], shape[0]] : [shape[0], shape[1]];
    const last = pointsFirst ? [points, directions, units] : [directions, points, units];
    return [pointsFirst ? [points, steps, directions, units] : [steps, directions, points, units], last, last];
  }),
  Conv: conv,
  MatMul: matmul,
  Gemm: ({ inputs, attributes }, a, { shapes }) => {
    const b = shapes.get(inputs[1]);
    return b && [a[attributes.transA === 1 ? 1 : 0], b[attributes.transB === 1 ? 0 : 1]];
  },
  ConvTranspose: (node, shape, { shapes }) => {
    const weights = shapes.get(node.inputs[1]);
    if (!weights) return undefined;
    const { attributes } = node;
    const rank = shape.length - 2;
    const channels = (weights[1] as number) * Number(attributes.group ?? 1);
    const strides = numbersOf(attributes.strides) ?? Array(rank).fill(1);
    const given = numbersOf(attributes.output_shape);
    if (given) return [shape[0], channels, ...given];
    if (String(attributes.auto_pad ?? "").startsWith("SAME"))
      return [
        shape[0],
        channels,
        ...shape.slice(2).map((size, k) => (typeof size === "number" ? size * strides[k] : `${node.outputs[0]}.${k + 2}`)),
      ];
    const pads = numbersOf(attributes.pads) ?? Array(2 * rank).fill(0);
    const extra = numbersOf(attributes.output_padding) ?? Array(rank).fill(0);
    const dilations = numbersOf(attributes.dilations) ?? Array(rank).fill(1);
    const positions = shape
      .slice(2)
      .map((size, k) =>
        typeof size === "number"
          ? (size - 1) * strides[k] - pads[k] - pads[k + rank] + dilations[k] * ((weights[k + 2] as number) - 1) + 1 + extra[k]
          : `${node.outputs[0]}.${k + 2}`,
      );
    return [shape[0], channels, ...positions];
  },
  Flatten: ({ attributes }, shape) => {
    const axis = Number(attributes.axis ?? 1);
    const at = axis < 0 ? axis + shape.length : axis;
    return [product(shape.slice(0, at)), product(shape.slice(at))];
  },
  Reshape: reshape,
  Transpose: ({ attributes }, shape) => {
    const order = numbersOf(attributes.perm) ?? shape.map((_, axis) => axis).reverse();
    return order.length === shape.length && order.every((axis) => axis in shape) ? order.map((axis) => shape[axis]) : undefined;
  },
  Concat: ({ inputs, attributes }, shape, { shapes }) => {
    const parts = inputs.map((name) => shapes.get(name));
    if (!parts.every((part) => part?.length === shape.length)) return undefined;
    const axis = Number(attributes.axis ?? 1);
    const at = axis < 0 ? axis + shape.length : axis;
    const sizes = parts.map((part) => (part as Shape)[at]);
    const sum = sizes.every((size): size is number => typeof size === "number")
      ? sizes.reduce((total, size) => total + size, 0)
      : sizes.join("+").slice(0, 80);
    return shape.map((size, k) => (k === at ? sum : size));
  },
  Gather: ({ inputs, attributes }, shape, { shapes }) => {
    const indices = shapes.get(inputs[1]);
    const axis = Number(attributes.axis ?? 0);
    const at = axis < 0 ? axis + shape.length : axis;
    return indices && [...shape.slice(0, at), ...indices, ...shape.slice(at + 1)];
  },
  Unsqueeze: ({ inputs, attributes }, shape, known) => {
    const axes = numbersOf(attributes.axes) ?? knownNumbers(known, inputs[1]);
    if (!axes || axes.length > 64) return undefined;
    const result = [...shape];
    const rank = shape.length + axes.length;
    for (const axis of axes.map((a) => (a < 0 ? a + rank : a)).sort((a, b) => a - b)) result.splice(axis, 0, 1);
    return result;
  },
  Squeeze: ({ inputs, attributes }, shape, known) => {
    const axes = numbersOf(attributes.axes) ?? (inputs[1] ? knownNumbers(known, inputs[1]) : []);
    const gone = axes?.map((axis) => (axis < 0 ? axis + shape.length : axis));
    return gone && shape.filter((size, axis) => (gone.length === 0 ? size !== 1 : !gone.includes(axis)));
  },
  Slice: ({ inputs, outputs, attributes }, shape, known) => {
    const field = (name: string, k: number) => (inputs.length > 1 ? knownNumbers(known, inputs[k]) : numbersOf(attributes[name]));
    const [starts, ends] = [field("starts", 1), field("ends", 2)];
    const axes = field("axes", 3) ?? starts?.map((_, k) => k);
    const steps = field("steps", 4) ?? starts?.map(() => 1);
    if (!starts || !ends || !axes || !steps) return undefined;
    const result = [...shape];
    for (const [k, axis] of axes.entries()) {
      const at = axis < 0 ? axis + shape.length : axis;
      const size = result[at];
      if (starts[k] === 0 && steps[k] === 1 && ends[k] >= 2 ** 31 - 1) continue;
      if (typeof size !== "number" || !(steps[k] > 0)) {
        result[at] = `${outputs[0]}.${at}`;
        continue;
      }
      const place = (value: number) => Math.max(0, Math.min(size, value < 0 ? value + size : value));
      result[at] = Math.max(0, Math.ceil((place(ends[k]) - place(starts[k])) / steps[k]));
    }
    return result;
  },
  Split: ({ inputs, outputs, attributes }, shape, known) => {
    const axis = Number(attributes.axis ?? 0);
    const at = axis < 0 ? axis + shape.length : axis;
    const size = shape[at];
    const given = numbersOf(attributes.split) ?? knownNumbers(known, inputs[1]);
    // Sizes that are computed while it runs are not known.
    if (!given && (inputs[1] || typeof size !== "number")) return undefined;
    const each = Math.ceil(Number(size) / outputs.length);
    return outputs.map((_, k) => {
      const part = given ? given[k] : Math.min(each, Number(size) - k * each);
      return shape.map((length, a) => (a === at ? part : length));
    });
  },
  Pad: ({ inputs, attributes }, shape, known) => {
    const pads = numbersOf(attributes.pads) ?? knownNumbers(known, inputs[1]);
    if (!pads || pads.length !== 2 * shape.length) return undefined;
    return shape.map((size, k) => (typeof size === "number" ? size + pads[k] + pads[k + shape.length] : size));
  },
  DepthToSpace: ({ attributes }, shape) => moved(shape, Number(attributes.blocksize)),
  SpaceToDepth: ({ attributes }, shape) => moved(shape, 1 / Number(attributes.blocksize)),
  Tile: ({ inputs }, shape, known) => {
    const times = knownNumbers(known, inputs[1]);
    return times?.length === shape.length
      ? shape.map((size, k) => (typeof size === "number" ? size * times[k] : times[k] === 1 ? size : `${size}*${times[k]}`))
      : undefined;
  },
  Expand: ({ inputs }, shape, known) => {
    const asked = knownEntries(known, inputs[1]);
    return asked && broadcast([...shape], [...asked]);
  },
  ...named("Resize Upsample", ({ operator, inputs, attributes }, shape, known) => {
    const at = operator === "Upsample" || inputs.length === 2 ? 1 : 2;
    const scales = numbersOf(attributes.scales) ?? knownNumbers(known, inputs[at]);
    const sizes = inputs[3] ? knownEntries(known, inputs[3]) : undefined;
    const axes = numbersOf(attributes.axes)?.map((axis) => (axis < 0 ? axis + shape.length : axis)) ?? shape.map((_, k) => k);
    if (sizes && sizes.length === axes.length) return resized(shape, axes, sizes, attributes.keep_aspect_ratio_policy);
    return scales && scales.length === shape.length
      ? shape.map((size, k) => (typeof size === "number" ? Math.floor(size * scales[k]) : size))
      : undefined;
  }),
};

/** The shape with these sizes at these axes; or, where the aspect ratio is kept, with the scale of the axis that changes least (`not_larger`) or most. */
function resized(shape: Shape, axes: readonly number[], sizes: readonly Dimension[], policy: unknown): Shape | undefined {
  const ratios = axes.map((axis, k) => Number(sizes[k]) / Number(shape[axis]));
  const kept = policy === "not_larger" ? Math.min(...ratios) : policy === "not_smaller" ? Math.max(...ratios) : undefined;
  if (kept !== undefined && !Number.isFinite(kept)) return undefined;
  return shape.map((size, axis) => {
    const k = axes.indexOf(axis);
    if (k < 0) return size;
    return kept === undefined ? sizes[k] : Math.floor(kept * Number(size) + 0.5);
  });
}

/** Channels that become positions, `block` along each axis; or the other way where it is a fraction. */
function moved(shape: Shape, block: number): Shape | undefined {
  const [points, channels, ...positions] = shape;
  const left = positions.reduce<number>((size) => size / block, Number(channels));
  const sizes = [left, ...positions.map((size) => Number(size) * block)].map(Math.round);
  return sizes.every(Number.isSafeInteger) ? [points, ...sizes] : undefined;
}

function product(shape: Shape): Dimension {
  const open = shape.filter((size) => typeof size === "string");
  const count = shape.reduce<number>((total, size) => (typeof size === "number" ? total * size : total), 1);
  return open.length === 0
    ? count
    : count === 1 && open.length === 1
      ? open[0]
      : [...open, ...(count === 1 ? [] : [count])].join("*").slice(0, 80);
}
