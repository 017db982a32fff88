import { mathModule } from "@sonde/kernels/math";

/**
 * The error function 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x, within 1 ulp.
 *
 * @example
 * erf(1) // 0.8427007929497149
 */
export function erf(x: number): number {
  return mathModule().erf(x);
}

/**
 * 1 - erf(x) without cancellation, within 5 ulp where the result is normal; 0 from x = 27.23 on.
 *
 * @example
 * erfc(5) // 1.5374597944280347e-12
 */
export function erfc(x: number): number {
  return mathModule().erfc(x);
}

/**
 * exp(x^2) erfc(x), the scaled complementary error function, within 4 ulp; neither factor underflows. Infinity below about -26.63.
 *
 * @example
 * erfcx(100) // 0.005641613782989432
 */
export function erfcx(x: number): number {
  return mathModule().erfcx(x);
}

/**
 * log |Gamma(x)|: within 5 ulp for x > 0, zeros at 1 and 2 included; for x < 0 absolute error below 4 ulp of max(1, |log Gamma|).
 * Infinity at 0, -1, -2, ...
 *
 * @example
 * lgamma(11) // 15.104412573075518
 */
export function lgamma(x: number): number {
  return mathModule().lgamma(x);
}

/**
 * psi(x) = d/dx log Gamma(x): within 3 ulp for x > 0, the zero at 1.4616... included; for x < 0 absolute error below
 * 4 ulp of max(1, |psi(x)|, 1/d), d being the distance to the nearest whole number.
 * NaN at -1, -2, ..., -Infinity at 0.
 *
 * @example
 * digamma(1) // -0.5772156649015329
 */
export function digamma(x: number): number {
  return mathModule().digamma(x);
}

/**
 * psi'(x), the second derivative of log Gamma: within 4 ulp. Infinity at 0, -1, -2, ...
 *
 * @example
 * trigamma(1) // 1.6449340668482264
 */
export function trigamma(x: number): number {
  return mathModule().trigamma(x);
}
