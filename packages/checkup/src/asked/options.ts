import type { EnsembleRequest, MlpOptions } from "@sonde/nets";

/** What the notation of widths leaves open, or what takes the place of an architecture's own choices; absent where not given. */
export interface ModelChoices extends Omit<MlpOptions, "weightVariance"> {
  weightVariance?: number | "default";
}

/** What a question about random networks is asked with, by the names of the command line's options. */
export interface AskedOptions extends ModelChoices {
  /** A data set by name or path, or `gaussian`. */
  data?: string;
  standardize?: boolean;
  points?: number;
  networks?: number;
  relError?: number;
  seed: number;
  method: NonNullable<EnsembleRequest["method"]>;
  relaxedSimd?: true;
}

/** Points of the data or the domain where nobody says how many. */
export const defaultPoints = 512;

/** Most networks that are drawn for a relative error where nobody says how many. */
export const mostNetworks = 1e7;
