import type { Arena } from "../arena.js";
import type { Address, MemoryViews } from "./memory.js";

/**
 * Which positions the windows of a convolution or of pooling see, in values [points][positions][channels][4]: tap t of window w reads position
 * table[w * taps + t], or zeros where that is -1.
 */
export interface WindowSizes {
  readonly points: number;
  readonly positions: number;
  readonly channels: number;
  readonly windows: number;
  /** Taps of one window. */
  readonly taps: number;
  /** Int32 [windows][taps], as made by `windowTable`. */
  readonly table: Address;
}

/** Tables of windows. */
export interface WindowKernels {
  /** The address of a new int32 block with these positions; -1 reads zeros (`conv` only). Padding, strides and periodic borders are all in the table. */
  readonly windowTable: (positions: ArrayLike<number>) => Address;
}

export function windowKernels({ allocate }: Arena, { ints }: MemoryViews): WindowKernels {
  return {
    windowTable(positions) {
      const address = allocate(4 * positions.length);
      ints(address, positions.length).set(positions);
      return address;
    },
  };
}
