import { ConfigError } from "@sonde/core";
import type { GraphLayer } from "../graph/kinds/list.js";
import { fieldsOf, finite, flag, type Guard, listOf, nonNegative, oneOf, text, whole, wholeFrom } from "../guards.js";
import { limits } from "../limits.js";
import type { Fields } from "./layer-spellings.js";

/** A field of a layer in a file: what is checked of it, and what its JSON Schema says. */
interface Field {
  readonly guard: Guard;
  readonly schema: object;
}

/** A kind of layer, or a form of one, that graphs have and lists do not. */
export interface GraphKind {
  readonly about: string;
  readonly required: Readonly<Record<string, Field>>;
  readonly optional: Readonly<Record<string, Field>>;
  /** How many inputs it takes at most; default one. */
  readonly most?: number;
  /** The layer of the graph; axes in a file are those of one point, counted from 0. */
  readonly layer: (fields: Fields, point: readonly number[]) => GraphLayer;
  /** The parts of it that have weights, where it is made of several. */
  readonly parts?: readonly string[];
}

const wholeSchema = (minimum: number) => ({ type: "integer", minimum, maximum: limits.units });
const size: Field = { guard: whole, schema: wholeSchema(1) };
const number: Field = { guard: finite, schema: { type: "number" } };
const epsilon: Field = { guard: nonNegative, schema: { type: "number", minimum: 0, description: "Added to the variance." } };
const truth: Field = { guard: flag, schema: { type: "boolean" } };
const words = (...choices: string[]): Field => ({ guard: oneOf(choices), schema: { enum: choices } });
const sizes = (least: number, most: number, minimum = 1): Field => ({
  guard: listOf(wholeFrom(minimum), least, most),
  schema: { type: "array", items: wholeSchema(minimum), minItems: least, maxItems: most },
});
const either = (word: string, other: Field): Field => ({
  guard: (value, path) => (value === word ? [] : other.guard(value, path)),
  schema: { anyOf: [{ const: word }, other.schema] },
});
const drawn: Readonly<Record<string, Field>> = {
  init: { guard: text, schema: { type: "string", description: "Initialiser, such as he-normal (default)." } },
  weightVariance: { guard: nonNegative, schema: { type: "number", minimum: 0 } },
  bias: { guard: text, schema: { type: "string", description: "zeros (default), like-weights, normal:VAR or uniform:R." } },
};
const window: Readonly<Record<string, Field>> = {
  strides: { ...sizes(1, 3), schema: { ...sizes(1, 3).schema, description: "Steps along each axis; default 1." } },
  dilations: sizes(1, 3),
  pads: {
    guard: (value, path) => (value === "same" || value === "valid" ? [] : sizes(2, 6, 0).guard(value, path)),
    schema: {
      anyOf: [{ enum: ["same", "valid"] }, sizes(2, 6, 0).schema],
      description: "Zeros before all axes, then after them: [top, left, bottom, right].",
    },
  },
};
const convolution = { required: { channels: size, kernel: sizes(1, 3) }, optional: { ...window, groups: size, ...drawn } };

/** The number of a point's axis among those of all points. */
const behindPoints = (axis: unknown): number => Number(axis) + 1;

/** Fields without what says how weights are drawn. */
function described(fields: Fields): Fields {
  const { init: _init, weightVariance: _variance, bias: _bias, ...rest } = fields;
  return rest;
}

const layerOf = (kind: GraphLayer["kind"], fields: Fields): GraphLayer =>
  ({ ...described(fields), kind }) as unknown as GraphLayer;

/** What graphs have beside the kinds of lists, by kind. A form of a kind that lists have too is that of the graph where one of its own fields stands in the file. */
export const graphKinds: Readonly<Record<string, GraphKind>> = {
  conv: {
    about:
      "Convolution with a stride, padding or dilation for each axis, and groups; without pads the input keeps its size over the stride.",
    ...convolution,
    layer: ({ pads = "same", ...fields }) => layerOf("conv", { pads, ...fields }),
  },
  "conv-transpose": {
    about: "Transposed convolution.",
    required: convolution.required,
    optional: { ...convolution.optional, outputPadding: sizes(1, 3, 0) },
    layer: (fields) => layerOf("conv-transpose", fields),
  },
  dense: {
    about: "y = x W + b along the last axis, at every position.",
    required: { units: size },
    optional: drawn,
    layer: (fields) => layerOf("dense", fields),
  },
  pool: {
    about: "Pooling over windows that may overlap, in steps of their size where none are given.",
    required: { pool: words("average", "max"), window: either("global", sizes(1, 3)) },
    optional: { ...window, ceil: truth, countsPadding: truth },
    layer: ({ window: own, strides = own, ...fields }) =>
      layerOf("pool", { ...fields, window: own, ...(own !== "global" && { strides }) }),
  },
  norm: {
    about: "Normalisation of groups of channels, or from one axis of a point on, then scale and shift by channels.",
    required: { norm: words("batch", "layer", "rms", "instance", "group") },
    optional: { epsilon, groups: size, axis: { guard: listedAxis, schema: { type: "integer", minimum: -3, maximum: 2 } } },
    layer: ({ axis = -1, norm, ...fields }) => {
      if (norm === "group" && fields.groups === undefined) throw new ConfigError("a group norm needs groups: add them");
      return layerOf("norm", {
        norm,
        ...fields,
        ...((norm === "layer" || norm === "rms") && { axis: Number(axis) < 0 ? axis : behindPoints(axis) }),
      });
    },
  },
  multiply: {
    about: "The product of its inputs, entry by entry; an axis of one entry is repeated.",
    required: {},
    optional: {},
    most: limits.branches,
    layer: (fields) => layerOf("multiply", fields),
  },
  attention: {
    about: "Multi-head attention with its projections, of [tokens, units]; further inputs are what keys and values come from.",
    required: { heads: size },
    optional: { units: size, mask: words("causal"), ...drawn },
    most: 3,
    parts: ["query", "key", "value", "output"],
    layer: (fields) => layerOf("attention", fields),
  },
  recurrent: {
    about: "A recurrent layer over [steps, inputs], measured only.",
    required: { cell: words("lstm", "gru", "rnn"), units: size },
    optional: { direction: words("forward", "reverse", "both"), output: words("all", "last"), ...drawn },
    layer: (fields) => layerOf("recurrent", { ...fields, pointsFirst: true }),
  },
  upsample: {
    about: "Every position as many times as scale says along each axis, or values between them.",
    required: { scale: size },
    optional: { mode: words("nearest", "linear") },
    layer: ({ scale, ...fields }, point) =>
      layerOf("upsample", { ...fields, scales: [1, ...point.map((_, axis) => (axis === point.length - 1 ? 1 : scale))] }),
  },
  mean: {
    about: "The mean along some axes of a point, which then are gone.",
    required: { axes: sizes(1, 3, 0) },
    optional: {},
    layer: ({ axes }) => layerOf("reduce", { function: "mean", axes: (axes as unknown[]).map(behindPoints) }),
  },
  reshape: {
    about: "The values of a point in another shape.",
    required: { shape: sizes(1, 4) },
    optional: {},
    layer: ({ shape }) => layerOf("reshape", { shape: [0, ...(shape as number[])] }),
  },
  transpose: {
    about: "The axes of a point in another order.",
    required: { order: sizes(1, 4, 0) },
    optional: {},
    layer: ({ order }) => layerOf("transpose", { order: [0, ...(order as unknown[]).map(behindPoints)] }),
  },
  scale: {
    about: "The input times a number.",
    required: { factor: number },
    optional: {},
    layer: ({ factor }) => ({ kind: "add", factors: [Number(factor)] }) as GraphLayer,
  },
};

function listedAxis(value: unknown, path: string): readonly string[] {
  return Number.isInteger(value) && Number(value) >= -3 && Number(value) <= 2
    ? []
    : [`${path} must be a whole number from -3 to 2: an axis of a point`];
}

/** The kind of a layer that only a graph can have, or nothing where it is one of lists; `point` is the shape that arrives. */
export function graphKindOf({ kind, ...fields }: Fields, point: readonly number[]): GraphKind | undefined {
  if (typeof kind !== "string" || !Object.hasOwn(graphKinds, kind)) return undefined;
  const own = graphKinds[kind];
  const has = (...keys: string[]) => keys.some((key) => key in fields);
  switch (kind) {
    case "conv":
      return has(...ofWindows, "groups") || numbered(fields.padding) || point.length > 3 ? own : undefined;
    case "pool":
      return has(...ofWindows, "stride", "padding", "ceil", "countsPadding") || Array.isArray(fields.window) ? own : undefined;
    case "norm":
      return has("groups", "axis") || fields.norm === "group" || fields.norm === "instance" ? own : undefined;
    case "dense":
      return point.length > 1 ? own : undefined;
    default:
      return own;
  }
}

const ofWindows = ["strides", "dilations", "pads", "dilation", "dilation_rate"];
const numbered = (padding: unknown): boolean => typeof padding === "number" || Array.isArray(padding);

/** Steps and paddings of windows in the words of lists and of PyTorch as numbers for each axis. */
export function windowFields({ kind, ...fields }: Fields): Fields {
  if (kind !== "conv" && kind !== "pool" && kind !== "conv-transpose") return { kind, ...fields };
  const { stride, padding, dilation, dilation_rate: rate = dilation, window, ...rest } = fields;
  const size = Array.isArray(rest.kernel) ? rest.kernel : window;
  const rank = Array.isArray(size) ? size.length : 2;
  const each = (value: unknown) => (typeof value === "number" ? new Array<number>(rank).fill(value) : value);
  const pads = padding === "zero" ? "same" : Array.isArray(each(padding)) ? [each(padding), each(padding)].flat() : padding;
  return {
    kind,
    ...rest,
    ...(window !== undefined && { window: each(window) }),
    ...(stride !== undefined && !("strides" in rest) && { strides: each(stride) }),
    ...(pads !== undefined && !("pads" in rest) && { pads }),
    ...(rate !== undefined && !("dilations" in rest) && { dilations: each(rate) }),
  };
}

/** What is wrong with the fields of a layer, one sentence for each thing. */
export function problemsOf({ required, optional }: GraphKind, fields: Fields, path: string): readonly string[] {
  const guards = (of: Readonly<Record<string, Field>>) =>
    Object.fromEntries(Object.entries(of).map(([name, { guard }]) => [name, guard]));
  return fieldsOf({ required: guards(required), optional: guards(optional) })(fields, path);
}
