import { mathModule } from "@sonde/kernels/math";

/**
 * The sine of x radians, within 1 ulp for every finite x, however large. NaN at the infinities.
 *
 * @example
 * sin(1e22) // -0.8522008497671888
 */
export function sin(x: number): number {
  return mathModule().sin(x);
}

/**
 * The cosine of x radians, within 1 ulp for every finite x, however large. NaN at the infinities.
 *
 * @example
 * cos(1e22) // 0.523214785395139
 */
export function cos(x: number): number {
  return mathModule().cos(x);
}

/**
 * The tangent of x radians, within 1.5 ulp for every finite x, however large. NaN at the infinities.
 *
 * @example
 * tan(1e22) // -1.628778225606899
 */
export function tan(x: number): number {
  return mathModule().tan(x);
}

/**
 * The arc sine in radians, [-pi/2, pi/2], within 0.9 ulp. NaN outside [-1, 1].
 *
 * @example
 * asin(1) // 1.5707963267948966
 */
export function asin(x: number): number {
  return mathModule().asin(x);
}

/**
 * The arc cosine in radians, [0, pi], within 0.9 ulp. NaN outside [-1, 1]. The angle between nearly parallel vectors should come from `atan2` instead: near
 * cosine 1 the rounding of the cosine itself is what limits it.
 *
 * @example
 * acos(-1) // 3.141592653589793
 */
export function acos(x: number): number {
  return mathModule().acos(x);
}

/**
 * The arc tangent in radians, [-pi/2, pi/2], within 0.8 ulp.
 *
 * @example
 * atan(1) // 0.7853981633974483
 */
export function atan(x: number): number {
  return mathModule().atan(x);
}

/**
 * The angle of the point (x, y) in radians, [-pi, pi], within 1.5 ulp; note the order (y, x).
 *
 * @example
 * atan2(1, -1) // 2.356194490192345
 */
export function atan2(y: number, x: number): number {
  return mathModule().atan2(y, x);
}
