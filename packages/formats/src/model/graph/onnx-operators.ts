import type { GraphLayer, GraphNode } from "@sonde/nets";
import { elementCount } from "../../array-file.js";
import { list, type OnnxGraph } from "../layers/onnx-graph.js";
import { operatorLayer } from "../layers/onnx-operators.js";
import { clipBounds } from "../layers/patterns/activations.js";
import type { Dimension, ModelNode, ModelTensor } from "../model-file.js";
import { heldTensor, isElementType, lazyTensor, numbers } from "../tensor.js";
import type { GraphBuilder, Held } from "./graph-builder.js";

/** Why an operator is not run, as the end of a sentence. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** An operator, and what is known around it. */
export interface Operator {
  readonly node: ModelNode;
  readonly opset: number;
  readonly module: string;
  readonly builder: GraphBuilder;
  readonly graph: OnnxGraph;
  readonly shapes: Readonly<Record<string, readonly Dimension[]>>;
}

type Rule = (operator: Operator) => void;

/** Adds the layers that an operator is. Throws `Refused` where it is not run. */
export function operatorNode(operator: Operator): void {
  const { node, graph } = operator;
  const rule = node.domain === "" && Object.hasOwn(rules, node.operator) ? rules[node.operator] : undefined;
  if (!rule) throw new Refused(operatorLayer(node, graph).unsupported ?? `${node.operator.slice(0, 80)} is not run`);
  rule(operator);
}

/** The operators of ONNX that Sonde runs itself. */
export function runOperators(): string[] {
  return Object.keys(rules).sort();
}

/** Adds a layer that puts out the operator's first output. */
function add(
  { node, module, builder }: Operator,
  layer: GraphLayer & Partial<GraphNode>,
  inputs: readonly string[],
  weights?: Readonly<Record<string, Held | undefined>>,
): void {
  const roles = weights ?? {};
  const missing = Object.keys(roles).filter((role) => roles[role] === undefined);
  builder.add(
    {
      module,
      ...layer,
      name: node.outputs[0],
      inputs: inputs.map(builder.value),
      ...(missing.length > 0 && { without: missing }),
    } as GraphNode,
    roles,
  );
}

/** Adds a layer on the way to an output, and returns its name. */
function between({ node, builder, module }: Operator, role: string, layer: GraphLayer, inputs: readonly string[]): string {
  const name = builder.fresh(`${node.outputs[0]}/${role}`);
  return builder.add({ module, ...layer, name, inputs: inputs.map(builder.value) } as GraphNode);
}

function held({ graph }: Operator, name: string | undefined, what = "weights"): Held | undefined {
  if (!name) return undefined;
  const tensor = graph.tensor(name);
  if (!tensor) throw new Refused(`its ${what} are computed while it runs`);
  return { tensor };
}

/** Numbers of a small tensor that has to be known. */
function known(operator: Operator, name: string | undefined, what: string): number[] | undefined {
  if (!name) return undefined;
  const tensor = operator.graph.tensor(name);
  if (!tensor || !isElementType(tensor.type) || elementCount(tensor.shape) > 4096)
    throw new Refused(`its ${what} are computed while it runs`);
  return numbers(tensor.values());
}

function fixedShape({ shapes }: Operator, name: string): readonly number[] {
  const shape = shapes[name];
  if (!shape?.every((size): size is number => typeof size === "number")) throw new Refused("its shape is computed while it runs");
  return shape;
}

const attribute = (node: ModelNode, name: string, otherwise: number): number => Number(node.attributes[name] ?? otherwise);
export const short = (value: number): number => Number(value.toPrecision(7));

const activation =
  (name: string): Rule =>
  (o) =>
    add(o, { kind: "activation", activation: name }, o.node.inputs.slice(0, 1));

const computed =
  (name: string): Rule =>
  (o) =>
    add(o, { kind: "elementwise", function: name }, o.node.inputs);

/** Windows of a convolution or a pool, by the attributes. */
function windows(node: ModelNode) {
  const { strides, dilations, pads, auto_pad: auto } = node.attributes;
  const how = String(auto ?? "NOTSET");
  return {
    ...(list(strides) && { strides: list(strides) }),
    ...(list(dilations) && { dilations: list(dilations) }),
    pads:
      how === "SAME_UPPER"
        ? ("same" as const)
        : how === "SAME_LOWER"
          ? ("same-lower" as const)
          : (list(pads) ?? ("valid" as const)),
    channelsFirst: true,
  };
}

const conv: Rule = (o) => {
  const { node } = o;
  const [x, w, b] = node.inputs;
  const weight = held(o, w, "kernels");
  const [channels, , ...kernel] = weight?.tensor.shape ?? [];
  add(o, { kind: "conv", channels, kernel, groups: attribute(node, "group", 1), ...windows(node) }, [x], {
    weight,
    bias: held(o, b, "biases"),
  });
};

const convTranspose: Rule = (o) => {
  const { node } = o;
  const [x, w, b] = node.inputs;
  const weight = held(o, w, "kernels");
  const [, outs, ...kernel] = weight?.tensor.shape ?? [];
  const groups = attribute(node, "group", 1);
  const { output_padding: extra, output_shape: sizes } = node.attributes;
  const given = list(sizes);
  // Without a rule for the odd position, ONNX puts it before.
  const { pads, ...rest } = windows(node);
  add(
    o,
    {
      kind: "conv-transpose",
      channels: outs * groups,
      kernel,
      groups,
      ...rest,
      pads: given && pads === "valid" ? "same-lower" : pads,
      ...(list(extra) && { outputPadding: list(extra) }),
      ...(given && { outputSizes: given.slice(-kernel.length) }),
    },
    [x],
    { weight, bias: held(o, b, "biases") },
  );
};

const pool =
  (how: "max" | "average", global = false): Rule =>
  (o) => {
    const { node } = o;
    const window = list(node.attributes.kernel_shape);
    if (!global && !window) throw new Refused("it has no kernel_shape");
    const layer: Extract<GraphLayer, { kind: "pool" }> = {
      kind: "pool",
      pool: how,
      channelsFirst: true,
      ...(global
        ? { window: "global", keepsAxes: true }
        : {
            window: window ?? [],
            ...windows(node),
            ...(node.attributes.ceil_mode === 1 && { ceil: true }),
            ...(node.attributes.count_include_pad === 1 && { countsPadding: true }),
          }),
    };
    add(o, layer, node.inputs.slice(0, 1));
    const [, where] = node.outputs;
    if (where)
      o.builder.add({
        ...layer,
        module: o.module,
        name: where,
        inputs: [o.builder.value(node.inputs[0])],
        gives: node.attributes.storage_order === 1 ? "places-column-major" : "places",
      });
  };

const batchNorm: Rule = (o) => {
  const { node, opset } = o;
  const [x, scale, shift, mean, variance] = node.inputs;
  const training = node.attributes.training_mode === 1 || (opset < 14 && node.outputs.filter(Boolean).length > 1);
  if (training) runningStatistics(o);
  add(
    o,
    {
      kind: "norm",
      norm: "batch",
      epsilon: short(attribute(node, "epsilon", 1e-5)),
      channelsFirst: true,
      statistics: training ? "batch" : "running",
    },
    [x],
    {
      scale: held(o, scale),
      shift: held(o, shift),
      ...(!training && { mean: held(o, mean), variance: held(o, variance) }),
    },
  );
};

/** The running statistics after a step of training: momentum old + (1 - momentum) new, where they are outputs. */
function runningStatistics(o: Operator): void {
  const { node, builder, module } = o;
  const [x, , , oldMean, oldVariance] = node.inputs;
  const [, mean, variance] = node.outputs;
  const momentum = short(attribute(node, "momentum", 0.9));
  const axes = fixedShape(o, x)
    .map((_, axis) => axis)
    .filter((axis) => axis !== 1);
  const average = (role: string, from: string, keepsAxes: boolean) =>
    between(o, role, { kind: "reduce", function: "mean", axes, ...(keepsAxes && { keepsAxes }) }, [from]);
  const mixed = (name: string, old: string, made: string) =>
    builder.add({
      name,
      module,
      inputs: [old, made].map(builder.value),
      kind: "add",
      factors: [momentum, short(1 - momentum)],
    });
  if (mean) mixed(mean, oldMean, average("mean", x, false));
  if (!variance) return;
  const off = between(o, "centred", { kind: "elementwise", function: "subtract" }, [x, average("centre", x, true)]);
  const square = between(o, "square", { kind: "multiply" }, [off, off]);
  mixed(variance, oldVariance, average("variance", square, false));
}

const layerNorm =
  (norm: "layer" | "rms"): Rule =>
  (o) => {
    const { node } = o;
    const [x, scale, shift] = node.inputs;
    const [, mean, inverse] = node.outputs;
    if (mean || inverse) layerStatistics(o, x);
    add(o, { kind: "norm", norm, axis: attribute(node, "axis", -1), epsilon: short(attribute(node, "epsilon", 1e-5)) }, [x], {
      scale: held(o, scale),
      shift: held(o, shift),
    });
  };

/** Mean and 1 / sqrt(variance + epsilon) of a layer norm, where they are outputs of their own. */
function layerStatistics(o: Operator, x: string): void {
  const { node, builder, module } = o;
  const [, mean, inverse] = node.outputs;
  const { length: rank } = fixedShape(o, x);
  const first = attribute(node, "axis", -1);
  const axes = Array.from({ length: rank }, (_, axis) => axis).slice(first < 0 ? first + rank : first);
  const own = (name: string | undefined, layer: GraphLayer, inputs: readonly string[], role: string) =>
    name
      ? builder.add({ module, ...layer, name, inputs: inputs.map(builder.value) } as GraphNode)
      : between(o, role, layer, inputs);
  const centre = own(mean, { kind: "reduce", function: "mean", axes, keepsAxes: true }, [x], "mean");
  if (!inverse) return;
  const off = between(o, "centred", { kind: "elementwise", function: "subtract" }, [x, centre]);
  const square = between(o, "square", { kind: "multiply" }, [off, off]);
  const variance = between(o, "variance", { kind: "reduce", function: "mean", axes, keepsAxes: true }, [square]);
  const small = builder.fresh(`${node.outputs[0]}/epsilon`);
  const epsilon = short(attribute(node, "epsilon", 1e-5));
  builder.add(
    { name: small, inputs: [], kind: "constant", shape: [] },
    { value: { tensor: heldTensor(small, [], "float64", Float64Array.of(epsilon)) } },
  );
  const sum = between(o, "spread", { kind: "add" }, [variance, small]);
  const root = between(o, "root", { kind: "elementwise", function: "sqrt" }, [sum]);
  own(inverse, { kind: "elementwise", function: "reciprocal" }, [root], "inverse");
}

const groupNorm: Rule = (o) => {
  const { node, shapes } = o;
  const [x, s, t] = node.inputs;
  const groups = attribute(node, "num_groups", 1);
  const channels = Number(shapes[x]?.[1]);
  const perChannel = (name: string): Held | undefined => {
    const own = held(o, name);
    if (!own || elementCount(own.tensor.shape) === channels) return own;
    // Before operator set 21 there is one for each group.
    const values = numbers(own.tensor.values());
    const each = channels / groups;
    const data = Float64Array.from({ length: channels }, (_, c) => values[Math.floor(c / each)]);
    return { tensor: lazyTensor(own.tensor.name, [channels], "float64", (start, count) => data.slice(start, start + count)) };
  };
  add(o, { kind: "norm", norm: "group", groups, channelsFirst: true, epsilon: short(attribute(node, "epsilon", 1e-5)) }, [x], {
    scale: perChannel(s),
    shift: perChannel(t),
  });
};

const gemm: Rule = (o) => {
  const { node, graph } = o;
  const [x, w, b] = node.inputs;
  const [alpha, beta] = [attribute(node, "alpha", 1), attribute(node, "beta", 1)];
  const weight = graph.tensor(w);
  const bias = graph.tensor(b);
  const unitsFirst = node.attributes.transB === 1;
  const units = weight?.shape[unitsFirst ? 0 : 1];
  const plain =
    weight?.shape.length === 2 &&
    !graph.tensor(x) &&
    alpha === 1 &&
    node.attributes.transA !== 1 &&
    (!b || (beta === 1 && bias && elementCount(bias.shape) === units));
  if (plain && units !== undefined)
    return add(o, { kind: "dense", units, ...(unitsFirst && { unitsFirst }) }, [x], {
      weight: { tensor: weight },
      bias: bias && { tensor: bias },
    });
  const turns = { ...(node.attributes.transA === 1 && { turnFirst: true }), ...(unitsFirst && { turnSecond: true }) };
  const product = between(o, "product", { kind: "matmul", ...turns }, [x, w]);
  add(o, { kind: "add", factors: b ? [alpha, beta] : [alpha] }, b ? [product, b] : [product]);
};

const softmax =
  (log: boolean): Rule =>
  (o) => {
    const old = o.opset < 13;
    add(
      o,
      { kind: "softmax", axis: attribute(o.node, "axis", old ? 1 : -1), ...(old && { flattened: true }), ...(log && { log }) },
      o.node.inputs.slice(0, 1),
    );
  };

/** Any change of shape alone, once shapes are known. */
const reshaped: Rule = (o) =>
  add(o, { kind: "reshape", shape: fixedShape(o, o.node.outputs[0]).map((size) => size) }, o.node.inputs.slice(0, 1));

const reduce =
  (name: string): Rule =>
  (o) => {
    const { node } = o;
    const axes = list(node.attributes.axes) ?? known(o, node.inputs[1], "axes");
    if ((!axes || axes.length === 0) && node.attributes.noop_with_empty_axes === 1)
      return add(o, { kind: "identity" }, node.inputs.slice(0, 1));
    add(
      o,
      {
        kind: "reduce",
        function: name,
        ...(axes && axes.length > 0 && { axes }),
        ...(attribute(node, "keepdims", 1) !== 0 && { keepsAxes: true }),
      },
      node.inputs.slice(0, 1),
    );
  };

const pick =
  (name: string): Rule =>
  (o) => {
    const { node } = o;
    const keepsAxes = attribute(node, "keepdims", 1) !== 0;
    const last = node.attributes.select_last_index === 1;
    add(o, { kind: "reduce", function: name, axes: [attribute(node, "axis", 0)], keepsAxes, last }, node.inputs);
  };

const slice: Rule = (o) => {
  const { node } = o;
  const [x, ...rest] = node.inputs;
  const field = (name: string, k: number) => (rest.length > 0 ? known(o, rest[k], name) : list(node.attributes[name]));
  const [starts, ends] = [field("starts", 0), field("ends", 1)];
  if (!starts || !ends) throw new Refused("it has no starts and ends");
  const axes = field("axes", 2) ?? starts.map((_, k) => k);
  const steps = field("steps", 3);
  add(o, { kind: "slice", axes, starts, ends, ...(steps && { steps }) }, [x]);
};

const split: Rule = (o) => {
  const { node, builder, module } = o;
  const axis = attribute(node, "axis", 0);
  let start = 0;
  for (const name of node.outputs) {
    const size = fixedShape(o, name || node.outputs[0]).at(axis) ?? 0;
    if (name !== "")
      builder.add({
        name,
        module,
        inputs: [builder.value(node.inputs[0])],
        kind: "slice",
        axes: [axis],
        starts: [start],
        ends: [start + size],
      });
    start += size;
  }
};

const pad: Rule = (o) => {
  const { node, graph, opset } = o;
  const [x, p, v, a] = node.inputs;
  const given = list(node.attributes.pads) ?? list(node.attributes.paddings) ?? known(o, p, "pads");
  if (!given) throw new Refused("it has no pads");
  const { length: rank } = fixedShape(o, x);
  const axes = known(o, a, "axes")?.map((axis) => (axis < 0 ? axis + rank : axis));
  const pads = axes ? new Array<number>(2 * rank).fill(0) : given;
  axes?.forEach((axis, k) => {
    pads[axis] = given[k];
    pads[axis + rank] = given[k + axes.length];
  });
  const mode = String(node.attributes.mode ?? "constant");
  if (!["constant", "reflect", "edge", "wrap"].includes(mode)) throw new Refused(`its mode ${mode.slice(0, 40)} is not known`);
  const value = opset < 11 ? attribute(node, "value", 0) : v ? graph.scalar(v) : 0;
  if (value === undefined) throw new Refused("its value is computed while it runs");
  add(o, { kind: "pad", pads, mode: mode as "constant", value }, [x]);
};

const resizeModes: Readonly<Record<string, "nearest" | "linear" | "cubic">> = {
  nearest: "nearest",
  linear: "linear",
  bilinear: "linear",
  cubic: "cubic",
};

const resizeCoordinates = {
  half_pixel: "half-pixel",
  half_pixel_symmetric: "symmetric",
  asymmetric: "asymmetric",
  align_corners: "align-corners",
  pytorch_half_pixel: "pytorch",
  tf_half_pixel_for_nn: "tf-half-pixel",
  tf_crop_and_resize: "crop",
} as const;

const resizeRoundings = {
  round_prefer_floor: "prefer-floor",
  round_prefer_ceil: "prefer-ceil",
  floor: "floor",
  ceil: "ceil",
} as const;

const resize: Rule = (o) => {
  const { node, opset } = o;
  const { attributes } = node;
  const [x, ...rest] = node.inputs;
  const old = node.operator === "Upsample" || opset < 11;
  const mode = choice(attributes.mode ?? "nearest", resizeModes, "mode");
  const inputShape = fixedShape(o, x);
  const axes = list(attributes.axes)?.map((axis) => (axis < 0 ? axis + inputShape.length : axis));
  const every = (values: number[] | undefined, otherwise: readonly number[]): number[] | undefined => {
    if (!values || values.length === 0 || !axes) return values && values.length > 0 ? values : undefined;
    const all = [...otherwise];
    axes.forEach((axis, k) => {
      all[axis] = values[k];
    });
    return all;
  };
  const ones = inputShape.map(() => 1);
  const given = every(list(attributes.scales) ?? known(o, rest[old ? 0 : 1], "scales"), ones);
  const sizes = given ? undefined : fixedShape(o, node.outputs[0]);
  // Where the aspect ratio is kept, all of these axes have one scale, by which places are told; sizes are rounded.
  const asked = String(attributes.keep_aspect_ratio_policy ?? "stretch") === "stretch" ? undefined : known(o, rest[2], "sizes");
  const ratios = asked?.map((size, k) => size / inputShape[axes?.[k] ?? k]) ?? [];
  const ratio = attributes.keep_aspect_ratio_policy === "not_larger" ? Math.min(...ratios) : Math.max(...ratios);
  const scales =
    given ??
    (asked &&
      every(
        ratios.map(() => ratio),
        ones,
      ));
  const coordinates = old
    ? "asymmetric"
    : choice(attributes.coordinate_transformation_mode ?? "half_pixel", resizeCoordinates, "coordinates");
  const region = coordinates === "crop" ? (known(o, rest[0], "region") ?? []) : [];
  const ends = region.length / 2;
  add(
    o,
    {
      kind: "upsample",
      ...(scales && { scales }),
      ...(sizes && { sizes }),
      mode,
      coordinates,
      ...(mode === "nearest" && {
        rounding: old ? "floor" : choice(attributes.nearest_mode ?? "round_prefer_floor", resizeRoundings, "nearest_mode"),
      }),
      ...(mode === "cubic" && { slope: short(attribute(node, "cubic_coeff_a", -0.75)) }),
      ...(attributes.exclude_outside === 1 && { bordersOut: true }),
      ...(attributes.antialias === 1 && { smooth: true }),
      ...(coordinates === "crop" && {
        region: {
          starts:
            every(
              region.slice(0, ends),
              ones.map(() => 0),
            ) ?? [],
          ends: every(region.slice(ends), ones) ?? [],
        },
        outside: short(attribute(node, "extrapolation_value", 0)),
      }),
    },
    [x],
  );
};

/** What one of the standard's words means here. */
function choice<Name extends string>(word: unknown, meanings: Readonly<Record<string, Name>>, what: string): Name {
  const name = String(word);
  if (!Object.hasOwn(meanings, name)) throw new Refused(`its ${what} ${name.slice(0, 40)} is not known`);
  return meanings[name];
}

const gather: Rule = (o) => {
  const { node, graph } = o;
  const [x, indices] = node.inputs;
  const table = graph.tensor(x);
  const axis = attribute(node, "axis", 0);
  if (table?.shape.length === 2 && axis === 0 && !graph.tensor(indices))
    return add(o, { kind: "embedding", entries: table.shape[0], units: table.shape[1] }, [indices], {
      weight: { tensor: table },
    });
  const tensor = graph.tensor(indices);
  if (tensor && tensor.shape.length <= 1) {
    const own = known(o, indices, "indices") ?? [];
    return add(o, { kind: "gather", axis, indices: tensor.shape.length === 0 ? own[0] : own }, [x]);
  }
  add(o, { kind: "gather", axis }, [x, indices]);
};

const tile: Rule = (o) => {
  const { node } = o;
  if (o.opset < 6) throw new Refused("its form before operator set 6 is not run");
  const times = known(o, node.inputs[1], "repeats") ?? [];
  let from = node.inputs[0];
  times.forEach((repeats, axis) => {
    if (repeats > 1000) throw new Refused("it repeats more than 1000 times");
    if (repeats !== 1) from = between(o, `axis${axis}`, { kind: "concat", axis }, new Array<string>(repeats).fill(from));
  });
  add(o, { kind: "identity" }, [from]);
};

const expand: Rule = (o) =>
  add(o, { kind: "expand", shape: fixedShape(o, o.node.outputs[0]).map((size) => size) }, o.node.inputs.slice(0, 1));

const cast: Rule = (o) => {
  const to = Number(o.node.attributes.to);
  // bool; whole numbers; else as they are.
  const name = to === 9 ? "truth" : [2, 3, 4, 5, 6, 7, 12, 13].includes(to) ? "truncate" : undefined;
  add(o, name ? { kind: "elementwise", function: name } : { kind: "identity" }, o.node.inputs.slice(0, 1));
};

const recurrent =
  (cell: "lstm" | "gru" | "rnn"): Rule =>
  (o) => {
    const { node, builder, module } = o;
    const [x, w, r, b, lengths, hidden, cells, peepholes] = node.inputs;
    if (lengths && !isFull(o, lengths)) throw new Refused("its sequences have lengths of their own");
    // Layout 1 has the points before the steps and the directions.
    const turnedRound = attribute(node, "layout", 0) !== 0;
    if (turnedRound && (hidden || cells)) throw new Refused("its layout is not run with a state to begin with");
    const steps = turnedRound ? between(o, "steps", { kind: "transpose", order: [1, 0, 2] }, [x]) : x;
    const directions: Readonly<Record<string, "forward" | "reverse" | "both">> = {
      forward: "forward",
      reverse: "reverse",
      bidirectional: "both",
    };
    const direction = directions[String(node.attributes.direction ?? "forward")];
    const weight = held(o, w);
    const rows = weight?.tensor.shape[1] ?? 0;
    const bias = b ? held(o, b) : undefined;
    const [way] = weight?.tensor.shape ?? [1];
    const names = (Array.isArray(node.attributes.activations) ? node.attributes.activations : []).map((name) =>
      String(name).toLowerCase(),
    );
    const known = (name: string | undefined) => {
      if (name === undefined || ["sigmoid", "tanh", "relu", "softsign", "softplus"].includes(name)) return name;
      throw new Refused(`its activation ${name.slice(0, 40)} is not run`);
    };
    const per = { lstm: 3, gru: 2, rnn: 1 }[cell];
    if (names.length > per && names.some((name, k) => name !== names[k % per]))
      throw new Refused("its two directions have different activations");
    const [first, second, third] = names.map(known);
    const own: Omit<GraphNode & { kind: "recurrent" }, "name" | "inputs" | "output"> = {
      module,
      kind: "recurrent",
      cell,
      units: attribute(node, "hidden_size", (weight?.tensor.shape[1] ?? 0) / { lstm: 4, gru: 3, rnn: 1 }[cell]),
      direction,
      ...(cell === "rnn"
        ? first && { activation: first }
        : { ...(first && { gate: first }), ...(second && { activation: second }), ...(third && { outward: third }) }),
      ...(node.attributes.linear_before_reset === 1 && { resetAfter: true }),
      ...(node.attributes.input_forget === 1 && { coupled: true }),
      ...(node.attributes.clip !== undefined && { clip: Number(node.attributes.clip) }),
    };
    const states = cell === "lstm" && cells ? [hidden, cells] : hidden ? [hidden] : [];
    if (cells && !hidden) throw new Refused("it begins with cells but no state");
    const weights = {
      weight,
      recurrentWeight: held(o, r),
      bias: bias && { tensor: part(bias.tensor, way, rows, 0), shape: [way, rows] },
      recurrentBias: bias && { tensor: part(bias.tensor, way, rows, 1), shape: [way, rows] },
      ...(cell === "lstm" && { peepholes: peepholes ? held(o, peepholes) : undefined }),
    };
    const without = Object.entries(weights).flatMap(([role, found]) => (found ? [] : [role]));
    const outputs = ["all", "last", "last-cell"] as const;
    node.outputs.forEach((name, k) => {
      if (name === "") return;
      const made = turnedRound ? builder.fresh(`${name}/turned`) : name;
      builder.add({ ...own, name: made, inputs: [steps, ...states].map(builder.value), output: outputs[k], without }, weights);
      if (turnedRound)
        builder.add({ name, module, inputs: [made], kind: "transpose", order: k === 0 ? [2, 0, 1, 3] : [1, 0, 2] });
    });
  };

/** Half of the biases `[directions, 2 rows]`: those of the values, or of the state. */
function part(tensor: ModelTensor, directions: number, rows: number, half: 0 | 1): ModelTensor {
  return lazyTensor(`${tensor.name}:${half}`, [directions, rows], "float64", () => {
    const values = numbers(tensor.values());
    return Float64Array.from(
      { length: directions * rows },
      (_, k) => values[Math.floor(k / rows) * 2 * rows + half * rows + (k % rows)],
    );
  });
}

/** Whether all sequences are as long as the steps. */
function isFull(o: Operator, lengths: string): boolean {
  const [steps] = fixedShape(o, o.node.inputs[0]);
  return known(o, lengths, "lengths")?.every((length) => length === steps) ?? true;
}

const lpNorm: Rule = (o) => {
  const { node } = o;
  const axis = attribute(node, "axis", -1);
  const name = attribute(node, "p", 2) === 1 ? "absolute-sum" : "norm";
  const size = between(o, "size", { kind: "reduce", function: name, axes: [axis], keepsAxes: true }, node.inputs);
  add(o, { kind: "elementwise", function: "divide" }, [node.inputs[0], size]);
};

const rules: Readonly<Record<string, Rule>> = {
  Conv: conv,
  ConvTranspose: convTranspose,
  Gemm: gemm,
  MatMul: (o) => add(o, { kind: "matmul" }, o.node.inputs),
  BatchNormalization: batchNorm,
  InstanceNormalization: (o) =>
    add(
      o,
      { kind: "norm", norm: "instance", channelsFirst: true, epsilon: short(attribute(o.node, "epsilon", 1e-5)) },
      o.node.inputs.slice(0, 1),
      {
        scale: held(o, o.node.inputs[1]),
        shift: held(o, o.node.inputs[2]),
      },
    ),
  LayerNormalization: layerNorm("layer"),
  RMSNormalization: layerNorm("rms"),
  SimplifiedLayerNormalization: layerNorm("rms"),
  GroupNormalization: groupNorm,
  LRN: (o) =>
    add(
      o,
      {
        kind: "local-response-norm",
        size: attribute(o.node, "size", 1),
        alpha: short(attribute(o.node, "alpha", 1e-4)),
        beta: short(attribute(o.node, "beta", 0.75)),
        bias: short(attribute(o.node, "bias", 1)),
      },
      o.node.inputs,
    ),
  LpNormalization: lpNorm,
  MeanVarianceNormalization: (o) => {
    const axes = list(o.node.attributes.axes) ?? [0, 2, 3];
    if (String(axes) !== "0,2,3") throw new Refused("its axes are not run");
    add(o, { kind: "norm", norm: "batch", channelsFirst: true, epsilon: 1e-18, without: ["scale", "shift"] }, o.node.inputs);
  },
  MaxPool: pool("max"),
  AveragePool: pool("average"),
  GlobalMaxPool: pool("max", true),
  GlobalAveragePool: pool("average", true),
  Relu: activation("relu"),
  Sigmoid: activation("sigmoid"),
  Tanh: activation("tanh"),
  Softplus: activation("softplus"),
  Softsign: activation("softsign"),
  HardSwish: activation("hard-swish"),
  Mish: activation("mish"),
  Gelu: (o) =>
    add(o, { kind: "activation", activation: o.node.attributes.approximate === "tanh" ? "gelu-tanh" : "gelu" }, o.node.inputs),
  LeakyRelu: (o) => activation(`leaky-relu:${short(attribute(o.node, "alpha", 0.01))}`)(o),
  ThresholdedRelu: (o) => activation(`thresholded-relu:${short(attribute(o.node, "alpha", 1))}`)(o),
  Celu: (o) => activation(`celu:${short(attribute(o.node, "alpha", 1))}`)(o),
  Elu: (o) => activation(`elu:${short(attribute(o.node, "alpha", 1))}`)(o),
  Selu: (o) => {
    const { alpha, gamma } = o.node.attributes;
    activation(
      alpha === undefined && gamma === undefined
        ? "selu"
        : `selu:${attribute(o.node, "alpha", 1.6732632423543772)},${attribute(o.node, "gamma", 1.0507009873554805)}`,
    )(o);
  },
  HardSigmoid: (o) => {
    const [alpha, beta] = [short(attribute(o.node, "alpha", 0.2)), short(attribute(o.node, "beta", 0.5))];
    activation(Math.abs(alpha - 1 / 6) < 1e-6 && beta === 0.5 ? "hard-sigmoid" : `hard-sigmoid:${alpha},${beta}`)(o);
  },
  Shrink: (o) => activation(`shrink:${short(attribute(o.node, "bias", 0))},${short(attribute(o.node, "lambd", 0.5))}`)(o),
  PRelu: (o) => {
    const [x, slope] = o.node.inputs;
    const own = held(o, slope, "slopes");
    const shape = own?.tensor.shape ?? [];
    // Before operator set 7 a list of slopes was one for each channel.
    const perChannel = o.opset < 7 && shape.length === 1 && shape[0] > 1;
    const slopes = perChannel
      ? [
          shape[0],
          ...fixedShape(o, x)
            .slice(2)
            .map(() => 1),
        ]
      : shape;
    add(o, { kind: "activation", activation: "prelu", slopes }, [x], { slope: own });
  },
  Clip: (o) => {
    const [, low, high] = o.node.inputs;
    const [from, to] = clipBounds(o.node, o.graph);
    if ((low && from === undefined) || (high && to === undefined)) throw new Refused("its bounds are computed while it runs");
    const name =
      from === 0 && to === 6
        ? "relu6"
        : from === 0 && to === undefined
          ? "relu"
          : from === -1 && to === 1
            ? "hard-tanh"
            : `clip:${from ?? ""},${to ?? ""}`;
    activation(name)(o);
  },
  Softmax: softmax(false),
  LogSoftmax: softmax(true),
  Add: (o) => add(o, { kind: "add" }, o.node.inputs),
  Sum: (o) => add(o, { kind: "add" }, o.node.inputs),
  Mean: (o) => add(o, { kind: "add", factors: o.node.inputs.map(() => 1 / o.node.inputs.length) }, o.node.inputs),
  Mul: (o) => add(o, { kind: "multiply" }, o.node.inputs),
  Div: (o) => {
    const whole = o.node.inputs.some((name) => o.graph.tensor(name)?.type.includes("int"));
    computed(whole ? "whole-divide" : "divide")(o);
  },
  Mod: (o) => computed(o.node.attributes.fmod === 1 ? "remainder" : "modulo")(o),
  ...Object.fromEntries(
    Object.entries({
      Sub: "subtract",
      Pow: "power",
      Max: "maximum",
      Min: "minimum",
      Where: "where",
      Equal: "equal",
      Less: "less",
      Greater: "greater",
      LessOrEqual: "less-or-equal",
      GreaterOrEqual: "greater-or-equal",
      And: "and",
      Or: "or",
      Xor: "xor",
      Not: "not",
      Neg: "negate",
      Abs: "absolute",
      Sign: "sign",
      Reciprocal: "reciprocal",
      Sqrt: "sqrt",
      Exp: "exp",
      Log: "log",
      Erf: "erf",
      Floor: "floor",
      Ceil: "ceil",
      Round: "round",
      IsNaN: "is-nan",
      Sin: "sin",
      Cos: "cos",
      Tan: "tan",
      Asin: "asin",
      Acos: "acos",
      Atan: "atan",
      Sinh: "sinh",
      Cosh: "cosh",
      Asinh: "asinh",
      Acosh: "acosh",
      Atanh: "atanh",
    }).map(([operator, name]) => [operator, computed(name)]),
  ),
  ...Object.fromEntries(
    Object.entries({
      ReduceMean: "mean",
      ReduceSum: "sum",
      ReduceProd: "product",
      ReduceMax: "maximum",
      ReduceMin: "minimum",
      ReduceL1: "absolute-sum",
      ReduceL2: "norm",
      ReduceSumSquare: "square-sum",
      ReduceLogSum: "log-sum",
      ReduceLogSumExp: "log-sum-exp",
    }).map(([operator, name]) => [operator, reduce(name)]),
  ),
  ArgMax: pick("arg-max"),
  ArgMin: pick("arg-min"),
  Concat: (o) => add(o, { kind: "concat", axis: attribute(o.node, "axis", 1) }, o.node.inputs),
  Flatten: (o) => add(o, { kind: "flatten", axis: attribute(o.node, "axis", 1) }, o.node.inputs),
  Reshape: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Transpose: (o) => {
    const order =
      list(o.node.attributes.perm) ??
      fixedShape(o, o.node.inputs[0])
        .map((_, axis) => axis)
        .reverse();
    add(o, { kind: "transpose", order }, o.node.inputs);
  },
  Slice: slice,
  Split: split,
  Pad: pad,
  Resize: resize,
  Upsample: resize,
  Gather: gather,
  Tile: tile,
  Expand: expand,
  Cast: cast,
  Dropout: (o) => {
    const { node, graph, builder, module } = o;
    const [x, ratio, training] = node.inputs;
    const [, mask] = node.outputs;
    if (training && graph.scalar(training) !== 0 && (ratio ? graph.scalar(ratio) : 0.5) !== 0)
      throw new Refused("it drops values at random");
    // Nothing is dropped: every value is kept.
    if (mask) builder.add({ name: mask, module, inputs: [x, x].map(builder.value), kind: "elementwise", function: "equal" });
    add(o, { kind: "identity" }, [x]);
  },
  Identity: (o) => add(o, { kind: "identity" }, o.node.inputs),
  DepthToSpace: (o) =>
    add(
      o,
      {
        kind: "depth-to-space",
        block: attribute(o.node, "blocksize", 1),
        mode: o.node.attributes.mode === "CRD" ? "crd" : "dcr",
      },
      o.node.inputs,
    ),
  SpaceToDepth: (o) => add(o, { kind: "space-to-depth", block: attribute(o.node, "blocksize", 1) }, o.node.inputs),
  LSTM: recurrent("lstm"),
  GRU: recurrent("gru"),
  RNN: recurrent("rnn"),
};
