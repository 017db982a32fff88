import { mathModule } from "@sonde/kernels/math";

/**
 * The natural logarithm, within 0.6 ulp. NaN below 0, -Infinity at 0.
 *
 * @example
 * log(1) // 0
 */
export function log(x: number): number {
  return mathModule().log(x);
}

/**
 * The logarithm to base 2, within 0.6 ulp; exact for powers of two. NaN below 0, -Infinity at 0.
 *
 * @example
 * log2(0.125) // -3
 */
export function log2(x: number): number {
  return mathModule().log2(x);
}

/**
 * The logarithm to base 10, within 0.7 ulp. NaN below 0, -Infinity at 0.
 *
 * @example
 * log10(1000) // 3
 */
export function log10(x: number): number {
  return mathModule().log10(x);
}

/**
 * log(1 + x) without the rounding of 1 + x, within 0.9 ulp. NaN below -1, -Infinity at -1.
 *
 * @example
 * log1p(1e-300) // 1e-300
 */
export function log1p(x: number): number {
  return mathModule().log1p(x);
}

/**
 * e^x, within 0.6 ulp (1 where the result is subnormal).
 *
 * @example
 * exp(1) // 2.718281828459045
 */
export function exp(x: number): number {
  return mathModule().exp(x);
}

/**
 * 2^x, within 0.6 ulp (1 where the result is subnormal).
 *
 * @example
 * exp2(-3) // 0.125
 */
export function exp2(x: number): number {
  return mathModule().exp2(x);
}

/**
 * e^x - 1 without cancellation, within 1.6 ulp.
 *
 * @example
 * expm1(1e-300) // 1e-300
 */
export function expm1(x: number): number {
  return mathModule().expm1(x);
}

/**
 * x^y, within 0.6 ulp; NaN for x < 0 unless y is a whole number. As `**` in JavaScript, x^0 is 1 even for NaN, and 1 to the power NaN or Infinity is NaN.
 *
 * @example
 * pow(2, 0.5) // 1.4142135623730951
 */
export function pow(x: number, y: number): number {
  return mathModule().pow(x, y);
}

/**
 * The real cube root, within 0.7 ulp.
 *
 * @example
 * cbrt(-27) // -3
 */
export function cbrt(x: number): number {
  return mathModule().cbrt(x);
}

/**
 * sqrt(x^2 + y^2) without overflow or underflow on the way, within 1 ulp.
 *
 * @example
 * hypot(3, 4) // 5
 */
export function hypot(x: number, y: number): number {
  return mathModule().hypot(x, y);
}
