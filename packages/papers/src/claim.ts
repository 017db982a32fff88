import type { AnyWorker, Matrix, Stream } from "@sonde/core";
import type { Figure, FigureText } from "@sonde/plots";
import type { Comparison } from "./comparison.js";

/** How much is measured: enough for a test (seconds), for a finding (minutes on one core), or as many networks as the paper's (hours). */
export type Scale = "quick" | "standard" | "full";

/** All scales, the smallest first. */
export const scales: readonly Scale[] = ["quick", "standard", "full"];

/** What decides the numbers of one part: plain values, of which the seed is one. */
export interface Settings {
  readonly seed: number;
}

/** One measurement of a claim, independent of its other parts: the same settings give the same result bit for bit, on any machine and in any order. */
export interface Part<S extends Settings = Settings> {
  /** Unique within the claim and the scale. */
  readonly name: string;
  readonly settings: S;
}

/** A part that is finished; `result` is plain JSON. */
export interface Measured<S extends Settings = Settings, R = unknown> extends Part<S> {
  readonly result: R;
}

/** Points with their labels, as a claim asks the application for them. */
export interface LabelledImages {
  readonly points: Matrix<Float64Array>;
  readonly labels?: Float64Array;
}

/** What the application brings: threads, interruption, and data sets, which libraries that run in browsers do not read. */
export interface ClaimContext {
  readonly threads?: number;
  /** Starts a worker that serves the metrics of ensembles. */
  readonly createWorker?: () => AnyWorker;
  /** Starts a worker that serves training. */
  readonly createTrainingWorker?: () => AnyWorker;
  readonly signal?: AbortSignal;
  /** Reads the named data set, such as `digits` or `fashion-mnist`; `points` of them, chosen by `random`. */
  readonly readData?: (name: string, options: { readonly points?: number; readonly random?: Stream }) => Promise<LabelledImages>;
}

/** What a scale asks of a claim, and on which images those claims are measured that need any. */
export interface PartsOptions {
  readonly scale: Scale;
  /** The data set of claims that need images. */
  readonly images: string;
}

/**
 * One claim of a paper as a reproduction: what it says, what is run, and how the numbers decide.
 *
 * `parts` are independent of each other, so that a run can be interrupted between any two, resumed, or spread over machines; `compare` and `figure` see them together.
 */
export interface Claim<S extends Settings = Settings, R = unknown> {
  /** `PAPER/NAME`, such as `collapse/safe-region`. */
  readonly id: string;
  /** The paper and the place in the list of its abstract's claims, such as `1.4`. */
  readonly number: string;
  /** What the paper says. */
  readonly sentence: string;
  /** The figure or table that is regenerated, where it is one of the paper's. */
  readonly figureOf?: string;
  /** What is run, in a sentence. */
  readonly runs: string;
  /** Whether images are needed. Default: false. */
  readonly needsImages?: boolean;
  /** What the paper used and is not at hand, and what stands in for it. */
  readonly substitute?: string;
  /** What takes the place of the published value where it is not right. */
  readonly correction?: string;
  /** About the processor time that a scale takes on one core, in seconds. */
  readonly seconds: Readonly<Record<Scale, number>>;
  parts(options: PartsOptions): readonly Part<S>[];
  measure(settings: S, context: ClaimContext): Promise<R>;
  compare(parts: readonly Measured<S, R>[]): readonly Comparison[];
  figure(parts: readonly Measured<S, R>[], text: FigureText): Figure;
}

/** The list of equal or similar parts, in order. */
export function partsOf<S extends Settings>(rows: readonly (S & { readonly name: string })[]): Part<S>[] {
  return rows.map(({ name, ...settings }) => ({ name, settings: settings as unknown as S }));
}
