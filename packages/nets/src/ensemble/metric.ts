import type { Angle, Matrix, Stream } from "@sonde/core";
import type { Architecture } from "../architecture.js";

/** One hidden layer of one random network, as a metric sees it. What it hands out is valid only until `observe` returns. */
export interface ObservedLayer {
  /** Counted from 1. */
  readonly layer: number;
  readonly points: number;
  readonly units: number;
  /** The power of two that the activations are divided by, common to all points; 0 unless the network is positively homogeneous. */
  readonly exponent: number;
  /** The activations, `[points, units]`, over 2^exponent, so that nothing underflows. */
  activations(): Matrix;
  /** For every point 1 if at least one unit is not zero, else 0. */
  alive(): Uint8Array;
  /** The tangents in the plan's directions, `[points, units]`, over 2^tangentExponent. Throws where the plan carries none. */
  tangents(): Matrix;
  readonly tangentExponent: number;
  /** The angle between the only two points, however small, `undefined` if one is zero: there where the executor carries their difference beside them (precision `difference`). */
  pairAngle?(): Angle | undefined;
}

/** Sums over the samples (points and positions) of every channel of one network, and what is known of the channels' covariance. */
export interface ChannelSums {
  readonly samples: number;
  /** Of x, |x|, (x - mean)^2, (x - mean)^4 and x^2. */
  readonly values: Float64Array;
  readonly magnitudes: Float64Array;
  readonly squares: Float64Array;
  readonly fourths: Float64Array;
  readonly powers: Float64Array;
  /** The largest eigenvalue of X^T X, X being centred, and |X^T X v - value v| for the unit vector found; where it was asked for. */
  readonly largestEigenvalue?: { readonly value: number; readonly residual: number };
}

/** The input of one random network or the output of any of its layers, inside blocks too, as a metric sees it. */
export interface ObservedPlace extends Omit<ObservedLayer, "layer" | "alive" | "pairAngle"> {
  /** `input`, or where the layer stands in the description, such as `layers[3].body[0]`. */
  readonly path: string;
  /**
   * Sums made where the values lie, of `[...samples, channels]`, over 2^exponent to their power: much faster than looking at the values, in float32, and only where the executor can. Ask the
   * same of every network; they are valid only until `visit` returns.
   */
  readonly channelSums?: (part: "activations" | "tangents", channels: number, spectrum: boolean) => ChannelSums;
}

/**
 * The gradient of one random network at the output of one of its layers, inside blocks too, or at its input, as a metric sees it: of L = the sum over points and outputs of error times output, the
 * errors being independent and standard normal. What it hands out is valid only until `backward` returns.
 */
export interface ObservedGradient {
  /** Where the layer stands in the description, such as `layers[3].body[0]`; `input` for the network's input, which comes last. */
  readonly path: string;
  readonly points: number;
  readonly units: number;
  /** dL by the layer's output, `[points, units]`, over 2^gradientExponent. */
  gradients(): Matrix;
  readonly gradientExponent: number;
  /** ln of the mean square of the true gradients over points and units, -Infinity where all are 0; faster than looking at them. */
  logMeanSquare(): number;
  /** The same of dL by the layer's weights, over their entries; absent for layers without. */
  weightLogMeanSquare?(): number;
}

/** Which points of one network live, layer by layer, at index layer - 1: a point is alive in a layer if a unit is not zero there. */
export interface Living {
  /** The share of the points that are alive in all layers up to this one. */
  readonly ratio: ArrayLike<number>;
  /** 1 if any point is alive in this layer, else 0. */
  readonly anyHere: ArrayLike<number>;
  /** 1 if any point is alive in all layers up to this one, else 0. */
  readonly anyThrough: ArrayLike<number>;
}

/** What the engine knows of a finished network. */
export interface FinishedNetwork {
  /** Only for metrics that need it. */
  readonly living?: Living;
  /**
   * Only under the method `conditional`: the exact probability that the metric's event happens in each layer, at index layer - 1, given what was drawn. Its average over
   * networks is unbiased, and reaches probabilities that counting never sees.
   */
  readonly conditional?: readonly number[];
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
  /** What the engine should do beside: work out itself which points live, where the activations lie; go on behind the last hidden layer, so that `visit` sees the outputs. */
  readonly needs?: readonly ("living" | "outputs")[];
  /** A fresh trace, before the first layer of a network. */
  trace(context: MetricContext<Options>): Trace;
  /** Left out by metrics that are content with what they need. */
  observe?(trace: Trace, layer: ObservedLayer, context: MetricContext<Options>): void;
  /** For metrics that look everywhere: called at the input and after every layer up to the last hidden one (with the need `outputs`, of any metric of the run: the last one), in the order in which they are computed (the layers of a block, then the block). */
  visit?(trace: Trace, place: ObservedPlace, context: MetricContext<Options>): void;
  /**
   * For metrics that look at gradients (see `EnsemblePlan.gradients`): called after the forward pass with every layer, inside blocks too, from the output back to the input, which comes last. A block comes
   * before the layers of its body.
   */
  backward?(trace: Trace, gradient: ObservedGradient, context: MetricContext<Options>): void;
  /** The state of no networks. */
  empty(context: MetricContext<Options>): State;
  /** Adds a finished network to the state. */
  fold(state: State, trace: Trace, context: MetricContext<Options>, network: FinishedNetwork): void;
  /** Adds the state of the next chunk. */
  merge(state: State, next: State): void;
  /** The metric's own ways to draw networks: `survivors` for the method `conditional`, `breakpoints` for what explicit weights do along a line. */
  readonly simulations?: Readonly<Partial<Record<SimulationName, Simulation>>>;
}

/** The simulations that there may be, each also the name of its executor. */
export type SimulationName = "survivors" | "breakpoints";

/**
 * A metric's own way to draw a network, where that is exact: only what its answer depends on, such as the angle of two points instead of their activations. Other metrics see nothing of such a run.
 */
export interface Simulation {
  /** Why it is not exact for this architecture and these inputs: `undefined` if it is. */
  refusal(architecture: Architecture, inputs: Matrix): string | undefined;
  /** Elementary steps (of about a tenth of a nanosecond) for one network. */
  steps(architecture: Architecture, inputs: Matrix): number;
  /** Prepares what networks share, and returns the function that draws one from its stream. */
  prepare(architecture: Architecture, inputs: Matrix): (network: Stream) => FinishedNetwork;
}

/** Any metric: what engines hold that never look inside traces and states. */
// biome-ignore lint/suspicious/noExplicitAny: the options, trace and state of a metric are its own affair
export type AnyMetric = Metric<any, any, any>;
