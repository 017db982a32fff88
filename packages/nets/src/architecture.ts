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
  /** sigma_w^2: variance of a weight times its fan-in (orthogonal: the squared gain). */
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
    }
  /** y = x + body(x); the shapes must agree. */
  | { readonly kind: "residual"; readonly body: readonly Layer[] }
  /** y = (x, body(x)) along the units (channels). */
  | { readonly kind: "concat"; readonly body: readonly Layer[] }
  | { readonly kind: "flatten" }
  | {
      readonly kind: "pool";
      readonly pool: "average" | "max";
      /** Window, also the stride; `"global"` takes all positions. */
      readonly window: number | "global";
    };
