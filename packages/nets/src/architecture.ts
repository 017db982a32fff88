/**
 * The description of an architecture: plain data, fit for JSON, from which the random network, the ensemble and the theory are all derived.
 */
export interface Architecture {
  /** Shape of one input point: `[units]`, `[length, channels]` or `[height, width, channels]`. */
  readonly input: readonly number[];
  readonly layers: readonly Layer[];
  readonly name?: string;
}

/**
 * How boundaries of a convolution are filled: with zeros, by wrapping around, or by a mirror that repeats the border (b a | a b c | c b), all
 * keeping ceil(length / stride) positions; `valid` fills nothing and shrinks the output.
 */
export type Padding = "zero" | "periodic" | "symmetric" | "valid";

/** Initialisation of one layer; what is absent comes from the default (he-normal, zero bias). */
export interface LayerInit {
  /** An initialiser's name, as on the command line. */
  readonly init?: string;
  /** sigma_w^2: variance of a weight times its fan-in, from 0 (orthogonal: the squared gain, above 0). */
  readonly weightVariance?: number;
  /** `"zeros"`, `"like-weights"`, `"normal:VAR"` or `"uniform:R"`. */
  readonly bias?: string;
}

export type Layer =
  | ({ readonly kind: "dense"; readonly units: number } & LayerInit)
  | ({
      readonly kind: "conv";
      readonly channels: number;
      /** `[length]` or `[height, width]`. */
      readonly kernel: readonly number[];
      /** Default 1. */
      readonly stride?: number;
      /** Default `zero`. */
      readonly padding?: Padding;
    } & LayerInit)
  /** A linear map of the channels, at every position, with weight variance 1 and no bias, that is not counted as a layer. */
  | {
      readonly kind: "embedding";
      readonly units: number;
      /** Added because residual units need it, not asked for: worth a warning. */
      readonly implied?: boolean;
    }
  | { readonly kind: "activation"; readonly activation: string }
  | {
      readonly kind: "norm";
      readonly norm: "batch" | "layer" | "rms";
      /** Added to the variance; default 1e-3. */
      readonly epsilon?: number;
      /** What all units are multiplied by after it, and what is added to them, before training; default 1 and 0. */
      readonly gamma?: number;
      readonly beta?: number;
    }
  /** y = shortcut(x) + scale body(x); the shapes must agree. */
  | {
      readonly kind: "residual";
      readonly body: readonly Layer[];
      /** Factor on the body, before training; default 1. */
      readonly scale?: number;
      /** Layers on the way of the input, such as a convolution that makes it fit; default none, which leaves it as it is. */
      readonly shortcut?: readonly Layer[];
    }
  /** y = (x, body(x)) along the units (channels): short for the branches [] and body. */
  | { readonly kind: "concat"; readonly body: readonly Layer[] }
  /** y = (b1(x), b2(x), ...) along the units (channels); an empty branch leaves its input as it is. */
  | { readonly kind: "concat"; readonly branches: readonly (readonly Layer[])[] }
  /** e^x_i / sum e^x_j over the units (channels), at every position. */
  | { readonly kind: "softmax" }
  | { readonly kind: "flatten" }
  | {
      readonly kind: "pool";
      readonly pool: "average" | "max";
      /** Window, also the stride; `"global"` takes all positions. */
      readonly window: number | "global";
    };
