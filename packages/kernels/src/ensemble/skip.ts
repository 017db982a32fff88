import type { Address } from "./memory.js";

/**
 * What residual and concat blocks need. Each operand may have an exponent a lane (int32 [4]): the truth is values * 2^exponent. The result has the larger of
 * the two, or that of the other operand where a lane is all zero, and it is left in `aExponents`. Without exponents (both 0) they count as equal.
 */
export interface SkipKernels {
  /** a += b, both [count][4]. */
  readonly add: (a: Address, b: Address, count: number, aExponents?: Address, bExponents?: Address) => void;
  /** values = scale values + shift, [count][4]. */
  readonly affine: (values: Address, count: number, scale: number, shift: number) => void;
  /** out [places][p + q][4] = a [places][p][4] and b [places][q][4], joined along the channels. */
  readonly concat: (
    a: Address,
    p: number,
    b: Address,
    q: number,
    places: number,
    out: Address,
    aExponents?: Address,
    bExponents?: Address,
  ) => void;
}

export interface SkipModule {
  add(a: number, b: number, count: number, aExponents: number, bExponents: number): void;
  affine(values: number, count: number, scale: number, shift: number): void;
  concat(a: number, p: number, b: number, q: number, places: number, out: number, aExponents: number, bExponents: number): void;
}

export function skipKernels(module: SkipModule): SkipKernels {
  return {
    add: (a, b, count, aExponents = 0, bExponents = 0) => module.add(a, b, count, aExponents, bExponents),
    affine: module.affine,
    concat: (a, p, b, q, places, out, aExponents = 0, bExponents = 0) =>
      module.concat(a, p, b, q, places, out, aExponents, bExponents),
  };
}
