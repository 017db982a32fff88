import { activation, ConfigError } from "@sonde/core";
import { initialiserName } from "@sonde/init";
import { normName } from "../norm-name.js";

/** A layer as it stands in a file, and as it is understood. */
export type Fields = Readonly<Record<string, unknown>>;

/** What is known where a layer is read. */
export interface Surroundings {
  /** Axes of positions of the network's input: 1 for sequences, 2 for images. */
  readonly axes: number;
  /** Tells the reader of the file how something was understood. */
  readonly note: (text: string) => void;
}

/** Letters and digits of a name in lower case, without the number of dimensions at its end. */
function stemOf(kind: string): string {
  return kind
    .toLowerCase()
    .replace(/[-_ ]/g, "")
    .replace(/[123]d$/, "");
}

/**
 * The layers that one entry of a list stands for, in Sonde's own words: kinds and fields of PyTorch and Keras are understood where they mean exactly one thing of Sonde's. What is not understood is
 * left as it is, for the guards to refuse. Bodies of blocks are left to the caller.
 */
export function spelledOut(entry: Fields, around: Surroundings): readonly Fields[] {
  const { kind, ...rest } = withKind(entry, around);
  if (typeof kind !== "string") return [{ ...(kind !== undefined && { kind }), ...rest }];
  const fields = withoutNothing(rest);
  const stem = stemOf(kind);
  const read = Object.hasOwn(readers, stem) ? readers[stem] : undefined;
  if (read) return read(fields, { ...around, kind });
  return activationLayer(kind, fields) ?? [{ kind, ...fields }];
}

function withKind(entry: Fields, { note }: Surroundings): Fields {
  const other = ["type", "class_name", "layer"].find((key) => typeof entry[key] === "string");
  if (entry.kind !== undefined || other === undefined) return entry;
  note(`"${other}" is read as "kind"`);
  const { [other]: kind, ...rest } = entry;
  return { kind, ...rest };
}

/** Fields without a name, and without what is null, as Keras writes what is not there. */
function withoutNothing(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key, value]) => value !== null && key !== "name"));
}

/** The kind as it was written, beside what is around. */
interface Written extends Surroundings {
  readonly kind: string;
}

type Reader = (fields: Fields, written: Written) => readonly Fields[];

/** The fields with the first of some other names for each put in its place, where the place is empty. */
function renamed(fields: Fields, names: Readonly<Record<string, readonly string[]>>): Fields {
  const result: Record<string, unknown> = { ...fields };
  for (const [own, others] of Object.entries(names)) {
    const other = others.find((name) => result[name] !== undefined);
    if (other === undefined || result[own] !== undefined) continue;
    result[own] = result[other];
    delete result[other];
  }
  return result;
}

/** The fields without those that say what is so anyway. */
function without(fields: Fields, said: Readonly<Record<string, (value: unknown) => boolean>>): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key, value]) => !said[key]?.(value)));
}

const initNames = { init: ["kernel_initializer", "initializer", "weight_init"], bias: ["bias_initializer"] };

/** Names of initialisers and biases as Sonde writes them; a bias of true or false is whether there is one, and those of a layer without begin at 0. */
function weighted(fields: Fields): Fields {
  const { init, bias, use_bias, ...rest } = renamed(fields, initNames);
  const drawn = typeof bias === "boolean" ? undefined : bias;
  const noBias = bias === false || use_bias === false;
  return {
    ...rest,
    ...(init !== undefined && { init: typeof init === "string" ? tried(init, initialiserName) : init }),
    ...(drawn !== undefined && { bias: drawn }),
    ...(drawn === undefined && noBias && { bias: "zeros" }),
    ...(use_bias !== undefined && typeof use_bias !== "boolean" && { use_bias }),
  };
}

/** The name as Sonde writes it; unknown ones stay, for the guards to refuse. */
function tried(name: string, canonical: (name: string) => string): string {
  try {
    return canonical(name);
  } catch (error) {
    if (error instanceof ConfigError) return name;
    throw error;
  }
}

/** A layer, and the activation that is written into it. */
function followed(fields: Fields): readonly Fields[] {
  const { activation: name, ...rest } = fields;
  if (typeof name !== "string") return [fields];
  if (/^(linear|none|identity)$/i.test(name)) return [rest];
  return [rest, ...(activationLayer(name, {}) ?? [{ kind: "activation", activation: name }])];
}

/** The layer of an activation that is named by its kind; `undefined` if it is none. */
function activationLayer(name: string, fields: Fields): readonly Fields[] | undefined {
  if (stemOf(name) === "softmax") return [{ kind: "softmax", ...without(fields, { dim: isLastAxis, axis: isLastAxis }) }];
  const { negative_slope: slope, alpha = slope, inplace: _inplace, ...rest } = fields;
  const written = typeof alpha === "number" && !name.includes(":") ? `${name}:${alpha}` : name;
  const canonical = tried(written, (text) => activation(text).name);
  const known = tried("?", () => activation(canonical).name) !== "?";
  return known ? [{ kind: "activation", activation: canonical, ...rest }] : undefined;
}

const isLastAxis = (value: unknown): boolean => value === -1 || value === 1;
const isOne = (value: unknown): boolean => value === 1 || (Array.isArray(value) && value.every((n) => n === 1));
const isTrue = (value: unknown): boolean => value === true;

const dense: Reader = (fields) => {
  const named = renamed(fields, { units: ["out_features", "features", "output_dim"] });
  return followed({ kind: "dense", ...weighted(named) });
};

/** Kernels of one number, strides of equal numbers, and padding by the words of Keras and the numbers of PyTorch, where these mean the same. */
const conv: Reader = (fields, { kind, axes, note }) => {
  const dimensions = Number(/([12])d$/i.exec(kind)?.[1] ?? axes);
  const named = renamed(fields, { channels: ["filters", "out_channels"], kernel: ["kernel_size"], stride: ["strides"] });
  const { kernel, stride, padding, ...rest } = without(named, { dilation: isOne, dilation_rate: isOne, groups: isOne });
  const sizes = typeof kernel === "number" ? new Array<number>(Math.max(1, dimensions)).fill(kernel) : kernel;
  const foreign = kind !== "conv";
  if (foreign && padding === undefined) note(`${kind} without padding has the padding "valid", as in PyTorch and Keras`);
  return followed({
    kind: "conv",
    ...weighted(rest),
    ...(sizes !== undefined && { kernel: sizes }),
    ...(stride !== undefined && { stride: equalNumber(stride) }),
    ...((foreign || padding !== undefined) && { padding: paddingOf(padding ?? "valid", sizes, equalNumber(stride ?? 1)) }),
  });
};

/** The number that all entries of a list are; anything else as it is. */
function equalNumber(value: unknown): unknown {
  return Array.isArray(value) && value.length > 0 && value.every((n) => n === value[0]) ? value[0] : value;
}

function paddingOf(padding: unknown, kernel: unknown, stride: unknown): unknown {
  if (padding === "same") return "zero";
  const width = equalNumber(padding);
  if (width === 0) return "valid";
  const fits = Array.isArray(kernel) && kernel.every((size) => size === 2 * Number(width) + 1);
  return typeof width === "number" && stride === 1 && fits ? "zero" : padding;
}

/** What every unit is multiplied by and shifted by begins at 1 and 0 in PyTorch and Keras too. */
const norm =
  (name: string, epsilons: Readonly<Record<string, number>> = {}): Reader =>
  (fields, { kind }) => {
    const named = renamed(fields, { epsilon: ["eps"] });
    const usual = Object.entries(epsilons).find(([ending]) => kind.toLowerCase().endsWith(ending))?.[1];
    const { num_features: _features, normalized_shape: _shape, momentum: _momentum, ...rest } = named;
    return [
      {
        kind: "norm",
        norm: name,
        ...(usual !== undefined && { epsilon: usual }),
        ...without(rest, { affine: isTrue, center: isTrue, scale: isTrue, elementwise_affine: isTrue }),
      },
    ];
  };

const pool =
  (which: "average" | "max", global = false): Reader =>
  (fields, { kind, note }) => {
    const named = renamed(fields, { window: ["kernel_size", "pool_size", "size"], stride: ["strides"] });
    if (global) return [{ kind: "pool", pool: which, window: "global", ...without(named, { output_size: isOne }) }];
    const { window, stride, padding, ...rest } = named;
    if (window === undefined) note(`${kind} without a window has one of 2`);
    const own = equalNumber(window ?? 2);
    const valid = padding === undefined || padding === "valid" || padding === 0;
    return [
      {
        kind: "pool",
        pool: which,
        window: own,
        ...rest,
        ...(stride !== undefined && equalNumber(stride) !== own && { stride }),
        ...(!valid && { padding }),
      },
    ];
  };

const nothing: Reader = (_, { kind, note }) => {
  note(`${kind} does nothing at initialisation and is left out`);
  return [];
};

const block =
  (kind: string): Reader =>
  (fields) => [{ kind, ...fields }];

/** How layers of each kind are read, by the letters of the kind without its number of dimensions. */
const readers: Readonly<Record<string, Reader>> = {
  dense,
  linear: (fields, written) =>
    "units" in fields || "out_features" in fields ? dense(fields, written) : activated("linear", fields),
  fullyconnected: dense,
  fc: dense,
  conv,
  convolution: conv,
  norm: ({ norm: name, ...rest }) => [
    { kind: "norm", ...(name !== undefined && { norm: typeof name === "string" ? tried(name, normName) : name }), ...rest },
  ],
  // PyTorch adds 1e-5, Keras 1e-3.
  batchnorm: norm("batch", { "1d": 1e-5, "2d": 1e-5 }),
  batchnormalization: norm("batch"),
  layernorm: norm("layer", { layernorm: 1e-5 }),
  layernormalization: norm("layer"),
  rmsnorm: norm("rms"),
  rmsnormalization: norm("rms"),
  maxpool: pool("max"),
  maxpooling: pool("max"),
  avgpool: pool("average"),
  averagepool: pool("average"),
  averagepooling: pool("average"),
  globalmaxpool: pool("max", true),
  globalmaxpooling: pool("max", true),
  globalavgpool: pool("average", true),
  globalaveragepool: pool("average", true),
  globalaveragepooling: pool("average", true),
  adaptiveavgpool: pool("average", true),
  activation: ({ activation: name, ...rest }) => activated(name, rest),
  concatenate: block("concat"),
  concatenation: block("concat"),
  dropout: nothing,
  alphadropout: nothing,
  spatialdropout: nothing,
  identity: nothing,
};

function activated(name: unknown, rest: Fields): readonly Fields[] {
  const known = typeof name === "string" ? activationLayer(name, rest) : undefined;
  return known ?? [{ kind: "activation", ...(name !== undefined && { activation: name }), ...rest }];
}
