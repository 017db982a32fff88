import type { Architecture } from "@sonde/nets";

/** What a remedy touches, from the smallest intervention to the largest: initial numbers only; the same parameters used otherwise; fewer parameters; more. */
export const families = ["init", "activation", "normalisation", "skip", "depth", "width"] as const;

export type Family = (typeof families)[number];

/** A change to an architecture. */
export interface Change {
  /** In words, with the options of the command line where there are any. */
  readonly change: string;
  readonly architecture: Architecture;
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
  readonly change: (architecture: Architecture) => Change | undefined;
  /** For a remedy that comes in sizes: all of them, the smallest change first. */
  readonly sizes?: (architecture: Architecture) => Sizes | undefined;
}

/** Changes number 0 to `count` - 1, made when they are asked for. */
export interface Sizes {
  readonly count: number;
  readonly at: (index: number) => Change;
}
