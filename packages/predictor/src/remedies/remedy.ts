import type { Architecture, MlpOptions } from "@sonde/nets";
import type { MeasureOptions } from "../measurement.js";

/** What a remedy touches, from the smallest intervention to the largest: the numbers that come in; those that training starts from; the same parameters used otherwise; fewer parameters; more. */
export const families = ["inputs", "init", "output", "activation", "scale", "normalisation", "skip", "depth", "width"] as const;

export type Family = (typeof families)[number];

/** What an architecture is looked at with, as far as remedies ask for it. */
export type Inputs = Pick<MeasureOptions, "data" | "domain">;

/**
 * Choices that hold for all layers at once, as `mlp` takes them; those that are absent stay as they are, and a weight variance of `"default"` is the initialiser's own.
 */
export interface Choices extends Pick<MlpOptions, "activation" | "init" | "bias" | "norm" | "skip" | "block"> {
  readonly weightVariance?: number | "default";
  /** `[input, hidden..., output]`. */
  readonly widths?: readonly number[];
}

/** A change to an architecture, or to its inputs. */
export interface Change {
  /** In words. */
  readonly change: string;
  readonly architecture: Architecture;
  /** Choices that lead to it where these are enough; absent where layers differ, or what changes is no choice. Who prints them makes sure that they do. */
  readonly choices?: Choices;
  /** Whether the inputs are brought to mean 0 and variance 1, see `standardisedInputs`. Default false. */
  readonly standardise?: boolean;
}

/** A kind of change that may cure. A new remedy is one of these and a line in `remedies`. */
export interface Remedy {
  readonly name: string;
  readonly family: Family;
  /** What it asks for beside parameters, in words. */
  readonly cost: string;
  /** What it does not mend, in words. */
  readonly leaves: string;
  /** The change to this architecture; `undefined` where there is none. */
  readonly change: (architecture: Architecture, inputs?: Inputs) => Change | undefined;
  /** For a remedy that comes in sizes: all of them, the smallest change first. */
  readonly sizes?: (architecture: Architecture) => Sizes | undefined;
}

/** Changes number 0 to `count` - 1, made when they are asked for. */
export interface Sizes {
  readonly count: number;
  readonly at: (index: number) => Change;
}
