/** An activation function: applied to every pre-activation z. */
export interface Activation {
  /** Canonical name as on the command line, with its parameter: `"relu"`, `"leaky-relu:0.01"`. */
  readonly name: string;
  /** phi(z), in float64. */
  readonly value: (z: number) => number;
  /** phi'(z), in float64; at a kink the derivative from the left (0 for ReLU at 0). */
  readonly derivative: (z: number) => number;
  /** The points where the derivative jumps, ascending. */
  readonly kinks: readonly number[];
  /** Positively homogeneous: phi(c z) = c phi(z) for every c > 0. */
  readonly homogeneous: boolean;
  /** Zero on a whole interval, so that a unit can be dead. */
  readonly vanishes: boolean;
}
