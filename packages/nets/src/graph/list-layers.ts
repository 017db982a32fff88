import { ConfigError, quote } from "@sonde/core";
import type { Layer, LayerInit, Padding } from "../architecture.js";
import type { GraphNode } from "./graph.js";
import { moduleOf, type ShapedNode } from "./graph-shapes.js";
import { windowAxes } from "./kinds/windows.js";
import type { WeightTensor } from "./layer-kind.js";
import { count } from "./tensor.js";

/** A layer of a graph that is looked at as one of a list. */
export interface Place {
  readonly step: ShapedNode;
  readonly channelsFirst: boolean;
  /** What it takes that is no constant. */
  readonly values: readonly string[];
  readonly stepOf: (name: string) => ShapedNode | undefined;
  readonly init: LayerInit;
  readonly constant: (name: string) => WeightTensor | undefined;
  readonly note: (text: string) => void;
}

/** A layer of a list (none for what only moves values), and the value that goes into it. */
export interface ListLayer {
  readonly layer?: Layer;
  readonly next: string;
}

/** The layer of a list that one of a graph is, those before it included that belong to it. Throws `ConfigError` where there is none. */
export function layerOfNode(place: Place): ListLayer {
  const { step, values } = place;
  const { node } = step;
  const [next] = values;
  if (next === undefined) throw refused(node, "begins at no input, which a list of layers has no place for");
  const rule = rules[node.kind];
  if (!rule) throw refused(node, "is of a kind that lists of layers do not have");
  return { next, ...rule(place, node as never) };
}

type Rule = (place: Place, node: never) => Partial<ListLayer>;
type Node<Kind extends GraphNode["kind"]> = Extract<GraphNode, { kind: Kind }>;

const rules: Readonly<Partial<Record<GraphNode["kind"], Rule>>> = {
  dense: ({ step, init }, node: Node<"dense">) => {
    if (step.inputs[0].length !== 2) throw refused(node, "works at every position");
    return { layer: { kind: "dense", units: node.units, ...drawn(node, init) } };
  },
  conv: (place, node: Node<"conv">) => conv(place, node),
  activation: (_place, node: Node<"activation">) => {
    if (node.activation === "prelu") throw refused(node, "has slopes that learn");
    return { layer: { kind: "activation", activation: node.activation } };
  },
  norm: (place, node: Node<"norm">) => ({ layer: norm(place, node) }),
  add: (place) => scaledNorm(place),
  pool: ({ step }, node: Node<"pool">) => {
    if (node.window === "global") return { layer: { kind: "pool", pool: node.pool, window: "global" } };
    const { window, strides = window.map(() => 1), dilations = [], pads = "valid", ceil } = node;
    const padded = Array.isArray(pads) ? pads.some((pad) => pad !== 0) : pads !== "valid";
    const [size] = window;
    const plain = [...window, ...strides].every((other) => other === size) && dilations.every((d) => d === 1);
    if (!plain || padded) throw refused(node, "has windows that overlap, reach beyond the input or are not square");
    if (ceil && step.inputs[0].some((length, k) => k > 0 && length !== step.output[k] && length % size !== 0))
      throw refused(node, "has a last window that reaches beyond the input");
    return { layer: { kind: "pool", pool: node.pool, window: size } };
  },
  reduce: ({ step, channelsFirst }, node: Node<"reduce">) => {
    const [input] = step.inputs;
    const rank = input.length;
    const positions = Array.from({ length: Math.max(0, rank - 2) }, (_, k) => (channelsFirst ? k + 2 : k + 1));
    const axes = node.axes?.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
    if (node.function !== "mean" || rank < 3 || String(axes) !== String(positions))
      throw refused(node, "is no mean over all positions");
    return { layer: { kind: "pool", pool: "average", window: "global" } };
  },
  softmax: ({ step, channelsFirst }, node: Node<"softmax">) => {
    const { length: rank } = step.output;
    const axis = node.axis ?? -1;
    const channels = channelsFirst && rank > 2 ? 1 : rank - 1;
    if (node.log || node.causal || (axis < 0 ? axis + rank : axis) !== channels) throw refused(node, "is not over the units");
    return { layer: { kind: "softmax" } };
  },
  flatten: (place, node: Node<"flatten">) => flattened(place, node),
  reshape: (place, node: Node<"reshape">) => flattened(place, node),
  // Of one way.
  concat: () => ({}),
  identity: () => ({}),
};

/** The initialiser of a layer; one that goes without its bias begins it at 0, where it stays in lists too until training. */
function drawn(node: GraphNode, init: LayerInit): LayerInit {
  return node.without?.includes("bias") && init.bias !== undefined ? { ...init, bias: "zeros" } : init;
}

function conv({ step, init, channelsFirst, stepOf, values, note }: Place, node: Node<"conv">): Partial<ListLayer> {
  const { channels, kernel, strides = kernel.map(() => 1), dilations = [], groups = 1, pads = "valid" } = node;
  const [stride] = strides;
  if (groups !== 1 || dilations.some((d) => d !== 1) || strides.some((other) => other !== stride) || kernel.length > 2)
    throw refused(node, "has groups, dilation, unequal strides or three axes");
  const around = pads === "valid" || (typeof pads !== "string" && pads.every((pad) => pad === 0)) ? stepOf(values[0]) : undefined;
  const wrapped = around?.node.kind === "pad" ? around : undefined;
  const input = (wrapped ?? step).inputs[0];
  const sizes = channelsFirst ? input.slice(2) : input.slice(1, -1);
  const own = wrapped ? padsOf(wrapped, channelsFirst) : pads;
  const same = windowAxes(sizes, kernel, { strides, pads: "same" });
  const axes = windowAxes(sizes, kernel, { strides, pads: own });
  const mode = wrapped?.node.kind === "pad" ? (wrapped.node.mode ?? "constant") : "constant";
  const padding = paddings[mode];
  const inside = axes.every(({ before, after }) => before === 0 && after === 0);
  const kept = axes.every(({ windows }, k) => windows === same[k].windows);
  const exact = kept && axes.every(({ before }, k) => before === same[k].before);
  if (!inside && (!padding || !kept)) throw refused(node, "is padded as no layer of a list is");
  if (!inside && !exact)
    note("windows of strided convolutions lie a position beside those of the list, which is the same in law but at the border");
  return {
    layer: {
      kind: "conv",
      channels,
      kernel,
      ...(stride !== 1 && { stride }),
      padding: inside ? "valid" : (padding as Padding),
      ...drawn(node, init),
    },
    ...(wrapped && { next: wrapped.node.inputs[0] }),
  };
}

/** What is filled in around a convolution, by the mode of the padding before it. */
const paddings: Readonly<Record<string, Padding | undefined>> = { constant: "zero", wrap: "periodic", symmetric: "symmetric" };

/** The pads of positions of a layer that pads. */
function padsOf({ node, output }: ShapedNode, channelsFirst: boolean): number[] {
  const { pads, value = 0 } = node as Node<"pad">;
  const rank = output.length;
  const positions = Array.from({ length: rank - 2 }, (_, k) => (channelsFirst ? k + 2 : k + 1));
  const others = [0, channelsFirst ? 1 : rank - 1];
  if (value !== 0 || others.some((axis) => pads[axis] !== 0 || pads[axis + rank] !== 0))
    throw refused(node, "pads with numbers other than 0, or points or channels");
  return [...positions.map((axis) => pads[axis]), ...positions.map((axis) => pads[axis + rank])];
}

function norm({ step, note }: Place, node: Node<"norm">, scaled = {}): Layer {
  const { epsilon = 1e-5 } = node;
  if (node.norm === "instance" || node.norm === "group") throw refused(node, `is ${node.norm} norm, which lists do not have`);
  const { length: rank } = step.output;
  const axis = node.axis ?? -1;
  if (node.norm !== "batch" && (axis < 0 ? axis + rank : axis) !== 1)
    throw refused(node, "normalises the last axis at every position, where a list normalises positions too");
  if (node.norm === "batch" && node.statistics === "running")
    note("batch norm is by the statistics of the points, as in training, and not by running ones");
  return { kind: "norm", norm: node.norm, epsilon, ...scaled };
}

/** A norm, times a constant, plus a constant: as lists are written out. */
function scaledNorm(place: Place): Partial<ListLayer> {
  const { node } = place.step;
  const { stepOf, values, constant } = place;
  const times = stepOf(values[0])?.node;
  const [from, factor] = times?.kind === "multiply" ? times.inputs : [];
  const own = from === undefined ? undefined : stepOf(from);
  const [gamma, beta] = [factor, node.inputs[1]].map((name) => one(name === undefined ? undefined : constant(name)));
  if (own?.node.kind !== "norm" || gamma === undefined || beta === undefined)
    throw refused(node, "adds a constant, which lists of layers do not");
  return {
    layer: norm({ ...place, step: own }, own.node as Node<"norm">, { gamma, beta }),
    next: own.node.inputs[0],
  };
}

/** The number that all values are; absent where they differ. */
function one(tensor: WeightTensor | undefined): number | undefined {
  const values = tensor?.values();
  return values && values.length > 0 && values.every((value) => value === values[0]) ? values[0] : undefined;
}

function flattened({ step, stepOf, values }: Place, node: GraphNode): Partial<ListLayer> {
  const [[points, ...rest]] = step.inputs;
  const before = stepOf(values[0])?.node;
  // What is pooled over all positions is flat in a list.
  const pooled = (before?.kind === "pool" && before.window === "global") || before?.kind === "reduce";
  if (pooled || String(step.output) === String(step.inputs[0])) return {};
  if (String(step.output) !== String([points, count(rest)])) throw refused(node, "does more than flatten its input");
  return { layer: { kind: "flatten" } };
}

/** The error of a layer that has no place in a list. */
export function refused(node: GraphNode, why: string): ConfigError {
  return new ConfigError(`layer ${quote(moduleOf(node))} (${node.kind}) ${why}`);
}
