import type { Matrix } from "@sonde/core";

/** One hidden layer of one random network, as a metric sees it. What it hands out is valid only until `observe` returns. */
export interface ObservedLayer {
  /** Counted from 1. */
  readonly layer: number;
  readonly points: number;
  readonly units: number;
  /** The activations, `[points, units]`, divided by a power of two that is common to the whole network, so that nothing underflows. */
  activations(): Matrix;
  /** For every point 1 if at least one unit is not zero, else 0. */
  alive(): Uint8Array;
}

/** What is known before the first network is drawn. */
export interface MetricContext<Options> {
  readonly layers: number;
  readonly points: number;
  readonly options: Options;
}

/**
 * A metric: a small reducer over an ensemble. Of every network a trace is kept while its layers pass by; the finished trace is folded into the state of
 * its chunk, and the states of chunks are merged in their order. States are plain data that survives structured cloning.
 */
export interface Metric<Options, Trace, State> {
  readonly name: string;
  /** A fresh trace, before the first layer of a network. */
  trace(context: MetricContext<Options>): Trace;
  observe(trace: Trace, layer: ObservedLayer, context: MetricContext<Options>): void;
  /** The state of no networks. */
  empty(context: MetricContext<Options>): State;
  /** Adds a finished network to the state. */
  fold(state: State, trace: Trace, context: MetricContext<Options>): void;
  /** Adds the state of the next chunk. */
  merge(state: State, next: State): void;
}

/** Any metric: what engines hold that never look inside traces and states. */
// biome-ignore lint/suspicious/noExplicitAny: the options, trace and state of a metric are its own affair
export type AnyMetric = Metric<any, any, any>;
