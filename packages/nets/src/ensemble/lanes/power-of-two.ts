import { log2 } from "@sonde/core/math";

/** A factor as rest * 2^shift, 1 <= |rest| < 2 up to rounding: exact, and what is multiplied by the rest does not leave float32's range; 0 stays whole. */
export function powerOfTwo(factor: number): { readonly rest: number; readonly shift: number } {
  const shift = factor === 0 ? 0 : Math.floor(log2(Math.abs(factor)));
  return { rest: factor * 2 ** -shift, shift };
}
