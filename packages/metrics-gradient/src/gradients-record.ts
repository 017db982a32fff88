import type { Estimate } from "@sonde/core";
import type { Drawn, Executor } from "@sonde/nets";

/** The size of the gradients at one place. */
export interface GradientLevel {
  /** ln E of the mean square over random networks (one without gradient counts as 0), exact from theory; absent where it is 0 or unknown. */
  readonly expected?: { readonly value: number; readonly standardError: number };
}

/** The same measured, with ln of the mean square of single networks: what is typical, where an expectation is made by few networks with large gradients. */
export interface MeasuredGradientLevel extends GradientLevel {
  /** Mean over the networks in which the gradient is not 0; absent if there are none. */
  readonly mean?: number;
  /** Of that mean; Infinity from one network. */
  readonly standardError?: number;
  /** From network to network. */
  readonly sd?: number;
  /** Networks in which the gradient is not 0. */
  readonly networks: number;
  /** Networks in which it is exactly 0: everything behind is dead. */
  readonly zero: number;
}

/** Gradients at initialisation, layer by layer; theory and measurement have the same form. */
export interface GradientsRecord<Level extends GradientLevel = GradientLevel> {
  readonly layers: readonly {
    /** Counted from 1. */
    readonly layer: number;
    /** By the hidden layer's output. */
    readonly activations: Level;
    /** By what goes into its activation; absent for blocks. */
    readonly preActivations?: Level;
    /** By the weights between the hidden layer before and this one, over all their entries; absent without any. */
    readonly weights?: Level;
  }[];
  readonly inputs: Level;
  /** By the weights behind the last hidden layer. */
  readonly outputWeights?: Level;
  /** What a layer adds to ln of the mean square by activations on the way back: the slope against the layer, by least squares; above 0 gradients grow towards the input. Absent with fewer than two hidden layers. */
  readonly growth?: Pick<Estimate, "value" | "standardError">;
  /** ln of the mean square by activations in the first hidden layer over that in the last. */
  readonly firstOverLast?: Pick<Estimate, "value" | "standardError">;
}

/** What was measured: growth and ratio are means over the networks in which no layer is without gradient, absent if there are none. */
export interface MeasuredGradients extends GradientsRecord<MeasuredGradientLevel> {
  readonly growth?: Estimate;
  readonly firstOverLast?: Estimate;
  readonly networks: number;
  readonly method: Drawn;
  readonly executor: Executor;
  readonly interrupted: boolean;
}

/** What theory says, in expectation. */
export interface PredictedGradients extends GradientsRecord {
  /** Why values are absent, where they are. */
  readonly reason?: string;
}
