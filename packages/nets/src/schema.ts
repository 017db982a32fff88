import { limits } from "./limits.js";
import { type GraphKind, graphKinds } from "./reading/graph-kinds.js";

const whole = (maximum: number) => ({ type: "integer", minimum: 1, maximum });
const layers = { type: "array", items: { $ref: "#/$defs/layer" } };
const init = {
  init: {
    type: "string",
    description: "Initialiser, such as he-normal (default), glorot-uniform, orthogonal or normal:std=0.02.",
  },
  weightVariance: {
    type: "number",
    minimum: 0,
    description: "Variance of a weight times its fan-in; orthogonal: the squared gain, above 0.",
  },
  bias: { type: "string", description: "zeros (default), like-weights, normal:VAR or uniform:R." },
};

function layer(kind: string, description: string, required: readonly string[], properties: object) {
  return {
    type: "object",
    description,
    properties: { kind: { const: kind }, ...properties },
    required: ["kind", ...required],
    additionalProperties: false,
  };
}

const input = {
  type: "array",
  description: "Shape of one input point: [units], [length, channels] or [height, width, channels].",
  items: whole(limits.units),
  minItems: 1,
  maxItems: 3,
};
const file = { $schema: { type: "string" }, name: { type: "string" }, input };

/** Where a layer of a graph stands. */
const place = {
  name: { type: "string", description: "What other layers name it by; default its place, such as layers[3]." },
  inputs: {
    description: "Names of the layers before it that it takes, or input; default the one before.",
    anyOf: [{ type: "string" }, { type: "array", items: { type: "string" }, minItems: 1, maxItems: limits.branches }],
  },
};

function placed(kind: string, description: string, required: readonly string[], properties: object) {
  return layer(kind, description, required, { ...place, ...properties });
}

function ofGraph([kind, { about, required, optional }]: [string, GraphKind]) {
  const properties = Object.entries({ ...required, ...optional }).map(([name, { schema }]) => [name, schema]);
  return placed(kind, about, Object.keys(required), Object.fromEntries(properties));
}

/** The kinds of lists, with the place in a graph or without. */
function listKinds(of: typeof layer) {
  return [
    of("dense", "y = x W + b for flat inputs.", ["units"], { units: whole(limits.units), ...init }),
    of("conv", "Convolution over one or two axes of positions.", ["channels", "kernel"], {
      channels: whole(limits.units),
      kernel: { type: "array", items: whole(limits.units), minItems: 1, maxItems: 2 },
      stride: { ...whole(limits.units), default: 1 },
      padding: { enum: ["zero", "periodic", "symmetric", "valid"], default: "zero" },
      ...init,
    }),
    of("embedding", "Linear map of weight variance 1 without bias, not counted as a layer.", ["units"], {
      units: whole(limits.units),
      implied: { type: "boolean", description: "Added because residual units need it." },
    }),
    of("activation", "An activation function, value by value.", ["activation"], {
      activation: { type: "string", description: "Such as relu, leaky-relu:0.01, tanh or gelu." },
    }),
    of("norm", "Normalisation, then scale and shift.", ["norm"], {
      norm: { enum: ["batch", "layer", "rms"] },
      epsilon: { type: "number", minimum: 0, default: 1e-3, description: "Added to the variance." },
      gamma: { type: "number", default: 1, description: "What all units are multiplied by, before training." },
      beta: { type: "number", default: 0, description: "What is added to all units, before training." },
    }),
    of("residual", "y = shortcut(x) + scale body(x).", ["body"], {
      body: layers,
      scale: { type: "number", default: 1, description: "Factor on the body, before training." },
      shortcut: { ...layers, description: "Layers on the way of the input; none leave it as it is." },
    }),
    of("concat", "y = (x, body(x)) along the units or channels.", ["body"], { body: layers }),
    of("concat", "y = (b1(x), b2(x), ...) along the units or channels; an empty branch is x.", ["branches"], {
      branches: { type: "array", items: layers, minItems: 1, maxItems: limits.branches },
    }),
    of("softmax", "e^x over its sum over the units or channels.", [], {}),
    of("flatten", "All values of a point in one row.", [], {}),
    of("pool", "Pooling over windows that do not overlap.", ["pool", "window"], {
      pool: { enum: ["average", "max"] },
      window: {
        anyOf: [whole(limits.units), { const: "global" }],
        description: "Size of the window, or global for all positions.",
      },
    }),
  ];
}

/**
 * The JSON Schema (draft 2020-12) of an architecture file, a list of layers or a graph whose layers name their `inputs`, in Sonde's own words. What it cannot say, that shapes fit and names exist, `validateArchitecture` and `readGraph` check; all
 * that passes there passes here.
 */
export const architectureSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Sonde architecture",
  description: "A network, layer by layer, in the order in which values flow; or a graph, where layers name what they take.",
  type: "object",
  anyOf: [
    {
      properties: { ...file, layers: { ...layers, maxItems: limits.entries } },
      required: ["input", "layers"],
      additionalProperties: false,
    },
    {
      properties: {
        ...file,
        layers: { type: "array", items: { $ref: "#/$defs/node" }, maxItems: limits.entries },
        output: { type: "string", description: "The layer that comes out; default the last." },
      },
      required: ["input", "layers"],
      additionalProperties: false,
    },
  ],
  $defs: {
    layer: { oneOf: listKinds(layer) },
    node: {
      anyOf: [
        ...listKinds(placed),
        placed("add", "The sum of its inputs, times a factor each.", [], {
          factors: { type: "array", items: { type: "number" }, minItems: 1, maxItems: limits.branches },
        }),
        placed("concat", "Its inputs one after the other along an axis of a point, by default the last.", [], {
          axis: { type: "integer", minimum: 0 },
        }),
        ...Object.entries(graphKinds).map(ofGraph),
      ],
    },
  },
};
