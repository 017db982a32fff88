import type { Matrix, Stream } from "@sonde/core";
import { split, stream } from "@sonde/core";
import type { Architecture } from "../architecture.js";
import type { FreshInputs } from "./fresh.js";
import type { SimulationName } from "./metric.js";

/**
 * The executor that carries a plan out. On explicit weights: plain float64 (`reference`), or float32 in WebAssembly (`kernels`). Exactly in law, in float64: in WebAssembly
 * (`law`) or plainly (`law-reference`), or two points with their difference (`law-pair`). Or as a metric draws them itself: the part of a network on which an event's probability depends (`survivors`), or all of a piecewise linear
 * function of one input (`breakpoints`).
 */
export type Executor = "reference" | "kernels" | "law" | "law-reference" | "law-pair" | SimulationName;

/**
 * Everything that decides the numbers of an ensemble run, as plain data that can be sent to workers. Chunks do not depend on the number of threads.
 */
export interface EnsemblePlan {
  readonly architecture: Architecture;
  /** The same points for every network, `[points, inputs]`. */
  readonly inputs: Matrix<Float64Array>;
  /** Every network draws standard normal points of its own, as many as `inputs` has, instead of these. */
  readonly fresh?: FreshInputs;
  /** The share of the inputs' domain that each point stands for, summing to 1; equal shares if absent. */
  readonly shares?: readonly number[];
  /** Tangents carried along: one direction for every point, and whether batch norm's statistics are constants to them. */
  readonly tangents?: PlannedTangents;
  /** Gradients carried back, for metrics that look at them. */
  readonly gradients?: PlannedGradients;
  readonly seed: number;
  readonly executor: Executor;
  /** Whether the float32 kernels use fused multiply-add (relaxed SIMD): numbers then differ between machines in the last digits. */
  readonly relaxed?: boolean;
  readonly networks: number;
  /** The first network that is drawn, from 0 (default): those before it are known from a run that this one continues. */
  readonly first?: number;
  /** Networks per chunk, a multiple of 4 (the last chunk may be shorter). */
  readonly chunk: number;
  /** Elementary steps (of about a tenth of a nanosecond) that all networks take together, roughly. */
  readonly work: number;
  /** Bytes that one thread takes, roughly. */
  readonly bytes: number;
  /** The metrics by name, with their options. */
  readonly metrics: readonly PlannedMetric[];
}

/** Directions at the inputs. */
interface PlannedTangents {
  /** `[points, inputs]`, the same for every network; standard normal and drawn anew for each if absent. */
  readonly directions?: Matrix<Float64Array>;
  readonly batchNorm: "frozen" | "full";
}

/** Errors at the outputs. */
interface PlannedGradients {
  /** `[points, outputs]`, the same for every network; standard normal and drawn anew for each if absent. */
  readonly errors?: Matrix<Float64Array>;
}

/** How an executor draws layers, in the words of the command line. */
export type Drawn = "weights" | "law" | "conditional";

/** What each executor draws. */
export const drawnBy: Readonly<Record<Executor, Drawn>> = {
  reference: "weights",
  kernels: "weights",
  law: "law",
  "law-reference": "law",
  "law-pair": "law",
  survivors: "conditional",
  breakpoints: "weights",
};

export interface PlannedMetric {
  readonly name: string;
  readonly options: unknown;
  /** URL of a module that exports the metric under this name (or as default), for metrics that a worker's entry file does not serve. */
  readonly module?: string;
}

/** The number of chunks of a plan. */
export function chunkCount(plan: EnsemblePlan): number {
  return Math.max(0, Math.ceil((plan.networks - (plan.first ?? 0)) / plan.chunk));
}

/** The stream that network `k` of a seed is drawn from; its parametric layer `p` uses `split(networkStream, p)`. */
export function networkStream(seed: number, k: number): Stream {
  return split(split(stream(seed), 0), k);
}

/** The stream of a seed for everything that is common to all networks, such as the choice of data points. */
export function sharedStream(seed: number): Stream {
  return split(stream(seed), 1);
}
