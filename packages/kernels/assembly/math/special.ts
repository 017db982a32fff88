import { DIGAMMA_ROOT, DIGAMMA_ROOT_LOW, digammaCore, erfCore, erfcxCore, lgammaCore } from "./polynomials";

const PI: f64 = 3.141592653589793;
const SQRT_HALF: f64 = 0.7071067811865476;
const SQRT_TWO_PI: f64 = 2.5066282746310002;
const HALF_LOG_TWO_PI: f64 = 0.9189385332046728;

// @ts-ignore: decorator
@inline
function erfSmall(x: f64): f64 {
  return x + x * erfCore(2.0 * x * x - 1.0);
}

/** exp(x^2) erfc(x) for x >= 0. */
// @ts-ignore: decorator
@inline
function erfcxPositive(x: f64): f64 {
  if (x > 1e17) return 0.5641895835477563 / x;
  return erfcxCore((x - 3.75) / (x + 3.75)) / (1.0 + 2.0 * x);
}

/** exp(-c x^2) with x^2 taken exactly: x = h + l, h of 26 bits. c is 0.5 or 1. */
function expSquare(x: f64, c: f64): f64 {
  let h = reinterpret<f64>(reinterpret<u64>(x) & 0xFFFFFFFFF8000000);
  return NativeMath.exp(-c * h * h) * NativeMath.exp(-c * (x - h) * (x + h));
}

export function erf(x: f64): f64 {
  if (x != x) return x;
  let a = abs(x);
  if (a < 1.0) return erfSmall(x);
  return copysign(a < 6.0 ? 1.0 - expSquare(a, 1.0) * erfcxPositive(a) : 1.0, x);
}

export function erfc(x: f64): f64 {
  if (x < 0.5) return 1.0 - erf(x);
  return x > 28.0 ? 0.0 : expSquare(x, 1.0) * erfcxPositive(x);
}

export function erfcx(x: f64): f64 {
  if (x >= 0.0) return erfcxPositive(x);
  if (x < -27.0) return Infinity;
  let h = reinterpret<f64>(reinterpret<u64>(x) & 0xFFFFFFFFF8000000);
  return NativeMath.exp(h * h) * NativeMath.exp((x - h) * (x + h)) * erfc(x);
}

export function normalPdf(x: f64): f64 {
  return abs(x) > 39.0 ? 0.0 : expSquare(x, 0.5) / SQRT_TWO_PI;
}

export function normalCdf(x: f64): f64 {
  let t = abs(x) * SQRT_HALF;
  if (t < 0.5) return 0.5 + 0.5 * erfSmall(x * SQRT_HALF);
  let tail = t > 28.0 ? 0.0 : 0.5 * expSquare(x, 0.5) * erfcxPositive(t);
  return x < 0.0 ? tail : 1.0 - tail;
}

export function normalQuantile(p: f64): f64 {
  if (!(p > 0.0 && p < 1.0)) return p == 0.0 ? -Infinity : p == 1.0 ? Infinity : NaN;
  if (p < 0.25) return -upperQuantile(p);
  if (p > 0.75) return upperQuantile(1.0 - p);
  // Newton on erf(z / sqrt 2) / 2 = p - 1/2, which keeps its relative accuracy at z = 0.
  let d = p - 0.5;
  let z = d * (2.5066282746310002 + 2.8 * d * d);
  for (let i = 0; i < 4; i++) z -= (0.5 * erfSmall(z * SQRT_HALF) - d) / normalPdf(z);
  return z;
}

/** z > 0 with 1 - Phi(z) = q, by Newton on log(1 - Phi): nothing underflows there. */
function upperQuantile(q: f64): f64 {
  let l = NativeMath.log(q);
  let t = sqrt(-2.0 * l);
  let z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let i = 0; i < 4; i++) {
    let s = erfcxPositive(z * SQRT_HALF);
    z += (NativeMath.log(0.5 * s) - 0.5 * z * z - l) * s * (0.5 * SQRT_TWO_PI);
  }
  return z;
}

/** sin(pi x), pi x never being rounded for large x. */
function sinPi(x: f64): f64 {
  let r = x - 2.0 * nearest(0.5 * x);
  if (abs(r) > 0.5) r = copysign(1.0, r) - r;
  return NativeMath.sin(PI * r);
}

/** log |Gamma(x)|. */
export function lgamma(x: f64): f64 {
  if (x != x) return x;
  if (x <= 0.0) {
    if (x == trunc(x)) return Infinity;
    if (x > -1e-300) return -NativeMath.log(-x);
    return NativeMath.log(PI / abs(x * sinPi(x))) - lgamma(-x);
  }
  if (x < 1.0) return x * (x - 1.0) * lgammaCore(2.0 * x - 1.0) - NativeMath.log(x);
  if (x < 10.0) {
    let product = 1.0;
    let y = x;
    while (y > 2.0) {
      y -= 1.0;
      product *= y;
    }
    let core = (y - 1.0) * (y - 2.0) * lgammaCore(2.0 * y - 3.0);
    return core + (product == 1.0 ? 0.0 : NativeMath.log(product));
  }
  let w = 1.0 / x;
  let z = w * w;
  let series = 1.0 / 12.0 - z * (1.0 / 360.0 - z * (1.0 / 1260.0 - z * (1.0 / 1680.0 - z * (1.0 / 1188.0 - z * (691.0 / 360360.0 - z * (1.0 / 156.0 - z * (3617.0 / 122400.0)))))));
  return (x - 0.5) * (NativeMath.log(x) - 1.0) + (HALF_LOG_TWO_PI - 0.5 + w * series);
}

export function digamma(x: f64): f64 {
  if (x <= 0.0) {
    if (x == trunc(x)) return x == 0.0 ? -copysign(Infinity, x) : NaN;
    let r = x - nearest(x);
    return digamma(1.0 - x) - PI / NativeMath.tan(PI * r);
  }
  if (x < 1.0) return digammaBase(x + 1.0) - 1.0 / x;
  if (x < 10.0) {
    let sum = 0.0;
    let y = x;
    while (y > 2.0) {
      y -= 1.0;
      sum += 1.0 / y;
    }
    return digammaBase(y) + sum;
  }
  let w = 1.0 / x;
  let z = w * w;
  let series = 1.0 / 12.0 - z * (1.0 / 120.0 - z * (1.0 / 252.0 - z * (1.0 / 240.0 - z * (1.0 / 132.0 - z * (691.0 / 32760.0 - z * (1.0 / 12.0 - z * (3617.0 / 8160.0)))))));
  return NativeMath.log(x) - (0.5 * w + z * series);
}

/** digamma on [1, 2]. */
// @ts-ignore: decorator
@inline
function digammaBase(x: f64): f64 {
  return (x - DIGAMMA_ROOT - DIGAMMA_ROOT_LOW) * digammaCore(2.0 * x - 3.0);
}

export function trigamma(x: f64): f64 {
  if (x <= 0.0) {
    if (x == trunc(x)) return Infinity;
    let s = sinPi(x);
    return PI * PI / (s * s) - trigamma(1.0 - x);
  }
  let sum = 0.0;
  while (x < 10.0) {
    sum += 1.0 / (x * x);
    x += 1.0;
  }
  let w = 1.0 / x;
  let z = w * w;
  let series = 1.0 / 6.0 - z * (1.0 / 30.0 - z * (1.0 / 42.0 - z * (1.0 / 30.0 - z * (5.0 / 66.0 - z * (691.0 / 2730.0 - z * (7.0 / 6.0 - z * (3617.0 / 510.0)))))));
  return sum + (w + z * (0.5 + w * series));
}
