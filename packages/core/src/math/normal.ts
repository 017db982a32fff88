import { mathModule } from "@sonde/kernels/math";

/**
 * The standard normal density exp(-x^2 / 2) / sqrt(2 pi), within 4 ulp where the result is normal.
 *
 * @example
 * normalPdf(0) // 0.3989422804014327
 */
export function normalPdf(x: number): number {
  return mathModule().normalPdf(x);
}

/**
 * The standard normal distribution function Phi(x) = P(Z <= x), within 5 ulp, far left tail included.
 *
 * @example
 * normalCdf(-10) // 7.619853024160525e-24
 */
export function normalCdf(x: number): number {
  return mathModule().normalCdf(x);
}

/**
 * The inverse of `normalCdf`: z with Phi(z) = p, within 5 ulp. -Infinity at 0, Infinity at 1, NaN outside [0, 1].
 *
 * @example
 * normalQuantile(0.975) // 1.9599639845400538
 */
export function normalQuantile(p: number): number {
  return mathModule().normalQuantile(p);
}
