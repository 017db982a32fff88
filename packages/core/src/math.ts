/** Elementary functions in float64. */
export const { log, exp, log1p, expm1, sin, cos, tan, tanh, sinh, cosh, acos, asin, atan, atan2, pow, hypot, cbrt } = Math;
