import type { Address } from "./memory.js";

/** Bits of the flags that `living` writes. */
export const livingFlags = { here: 1, through: 2 } as const;

/** Points that live through all layers. */
export interface LivingKernels {
  /**
   * Carries along which points live. A point of [points][units][4] is alive here if a unit is not zero (a NaN is not). through (bytes [points][4], in and out) &=
   * alive here; ratios (float64 [4]) = the sum of the shares (float64 [points]) of the points alive through, in their order, or their count over `points` without
   * shares (0); flags (int32 [4]): bit 0 (`livingFlags.here`) if any point is alive here, bit 1 (`through`) if any is alive through.
   */
  readonly living: (
    values: Address,
    points: number,
    units: number,
    through: Address,
    shares: Address | 0,
    ratios: Address,
    flags: Address,
  ) => void;
}
