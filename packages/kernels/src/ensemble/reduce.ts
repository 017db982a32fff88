import type { Address } from "./memory.js";

/** What `rescale` found in a lane. */
export const rescaleFlags = { scaled: 0, zero: 1, notFinite: 2 } as const;

/** Powers of two, and what is alive. */
export interface ReduceKernels {
  /**
   * Brings the largest magnitude of each lane of [count][4] values into [1, 2) by a power of two, exactly; adds the exponent taken out to `exponents`
   * (int32 [4]) and writes a `rescaleFlags` value a lane to `flags` (int32 [4]). Lanes that are zero or not finite stay as they are, and so do
   * those whose largest magnitude lies in [2^-slack, 2^(slack + 1)), if there is a `slack`. Values more than 2^126 below the largest become subnormal and lose digits.
   */
  readonly rescale: (values: Address, count: number, exponents: Address, flags: Address, slack?: number) => void;
  /** masks (bytes [points][4]) = 1 where a point has a unit that is not zero; counts (int32 [4]) = how many points have. NaN is not zero. */
  readonly alivePoints: (values: Address, points: number, units: number, masks: Address, counts: Address) => void;
  /** masks (bytes [units][4]) = 1 where a unit is not zero at some point; counts (int32 [4]) = how many units are. */
  readonly aliveUnits: (values: Address, points: number, units: number, masks: Address, counts: Address) => void;
}
