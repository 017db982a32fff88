export { cbrt, exp, exp2, expm1, hypot, log, log1p, log2, log10, pow } from "./math/exponential.js";
export { cosh, sinh, tanh } from "./math/hyperbolic.js";
export { normalCdf, normalPdf, normalQuantile } from "./math/normal.js";
export { digamma, erf, erfc, erfcx, lgamma, trigamma } from "./math/special.js";
export { acos, asin, atan, atan2, cos, sin, tan } from "./math/trigonometric.js";
