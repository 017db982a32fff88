/** An activation function: applied to every pre-activation z. */
export interface Activation {
  /** Canonical name as on the command line, with its parameter: `"relu"`, `"leaky-relu:0.01"`. */
  readonly name: string;
  /** phi(z), in float64, for finite z. */
  readonly value: (z: number) => number;
  /** phi'(z), in float64, for finite z; at a kink the derivative from the left (0 for ReLU at 0). */
  readonly derivative: (z: number) => number;
  /** The points where the derivative jumps, ascending. */
  readonly kinks: readonly number[];
  /** Positively homogeneous: phi(c z) = c phi(z) for every c > 0. */
  readonly homogeneous: boolean;
  /** Zero on a whole interval, so that a unit can be dead. */
  readonly vanishes: boolean;
  /** The Gaussian moments in closed form, where one is known, at a finite variance >= 0; `gaussianMoments` integrates without it. */
  readonly moments?: (variance: number) => ActivationMoments;
}

/** The moments of phi(z) and phi'(z) for z ~ N(0, variance). */
export interface ActivationMoments {
  /** E phi(z). */
  readonly mean: number;
  /** E phi(z)^2. */
  readonly second: number;
  /** E phi'(z)^2. */
  readonly derivativeSecond: number;
}

/** An activation before it is named. */
export type ActivationFunction = Omit<Activation, "name">;

/** A family of activations, as the registry knows it: one function, or one for each value of a parameter. */
export interface ActivationFamily {
  readonly parameter?: {
    /** Taken when the name comes without a parameter. */
    readonly default: number;
    readonly valid: (parameter: number) => boolean;
    /** What `valid` asks for, in words. */
    readonly expected: string;
  };
  readonly define: (parameter: number) => ActivationFunction;
}
