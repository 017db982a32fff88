import { mathModule } from "@sonde/kernels/math";

/**
 * The hyperbolic sine, within 1.9 ulp.
 *
 * @example
 * sinh(0) // 0
 */
export function sinh(x: number): number {
  return mathModule().sinh(x);
}

/**
 * The hyperbolic cosine, within 1 ulp.
 *
 * @example
 * cosh(0) // 1
 */
export function cosh(x: number): number {
  return mathModule().cosh(x);
}

/**
 * The hyperbolic tangent, within 1.9 ulp.
 *
 * @example
 * tanh(20) // 1
 */
export function tanh(x: number): number {
  return mathModule().tanh(x);
}
