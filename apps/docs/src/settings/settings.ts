/** What the playground's controls say: everything that an answer depends on, plain data that fits an address. */
export interface Settings {
  /** Hidden layers. */
  readonly depth: number;
  /** Units in each of them. */
  readonly width: number;
  readonly activation: string;
  readonly init: string;
  /** Variance of a weight times its fan-in; null is the initialisation's own. */
  readonly weightVariance: number | null;
  readonly bias: string;
  readonly norm: "none" | "batch" | "layer" | "rms";
  readonly skip: "none" | "residual" | "dense";
  readonly data: DataName;
  /** Inputs of the network where `data` is `gaussian`; the other data have their own number. */
  readonly inputs: number;
  readonly seed: number;
}

type DataName = "interval" | "gaussian" | "digits" | "csv";

/** A whole number with its range. */
export interface Range {
  readonly least: number;
  readonly most: number;
  readonly initial: number;
  readonly unit: string;
}

/** Ranges of what slides. They end where a second of a visitor's processor does. */
export const ranges = {
  depth: { least: 1, most: 100, initial: 9, unit: "hidden layers" },
  width: { least: 1, most: 128, initial: 2, unit: "units a layer" },
  inputs: { least: 2, most: 128, initial: 16, unit: "inputs" },
} as const satisfies Record<string, Range>;

/** What the playground offers of the names that the command line knows. */
export const choices = {
  activation: [
    ...["relu", "leaky-relu:0.01", "leaky-relu:0.1", "elu", "selu", "gelu", "silu", "softplus", "tanh", "erf", "sigmoid"],
    ...["sin", "linear"],
  ],
  init: [
    ...["he-normal", "he-uniform", "he-truncated-normal", "glorot-normal", "glorot-uniform", "lecun-normal"],
    ...["orthogonal", "rai", "pytorch", "keras", "sign-flip-neuron", "sign-flip-layer"],
  ],
  bias: ["zeros", "like-weights", "normal:0.01", "normal:0.1", "uniform:0.1"],
  norm: ["none", "batch", "layer", "rms"],
  skip: ["none", "residual", "dense"],
  data: ["interval", "gaussian", "digits", "csv"],
} as const;

/** Where the playground begins: a network that is mostly born dead. */
export const initialSettings: Settings = {
  depth: ranges.depth.initial,
  width: ranges.width.initial,
  activation: "relu",
  init: "he-normal",
  weightVariance: null,
  bias: "zeros",
  norm: "none",
  skip: "none",
  data: "interval",
  inputs: ranges.inputs.initial,
  seed: 0,
};

/** Initialisations that set the biases too, or fix the variance: the two are then not the visitor's to choose. */
const own: ReadonlySet<string> = new Set(["rai", "pytorch", "keras"]);

/** Whether the initialisation decides on biases and variance itself. */
export function decidesBias(init: string): boolean {
  return own.has(init);
}
