// Elementary functions on four float32 lanes.
import { artanhCore, expCore, logCore, sinCore } from "./polynomials";

/** sum + a b: with two roundings, or in the relaxed build with one where the machine fuses. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, sum) : f32x4.add(sum, f32x4.mul(a, b));
}

/** log(1 + f) for f in [sqrt(1/2) - 1, sqrt 2 - 1], to 2e-7 relative. */
// @ts-ignore: decorator
@inline
export function logNear1(f: v128): v128 {
  let z = f32x4.mul(f, f);
  let tail = f32x4.sub(f32x4.mul(f32x4.mul(z, f), logCore(f)), f32x4.mul(z, f32x4.splat(0.5)));
  return f32x4.add(f, tail);
}

/**
 * -2 log u for u = (w + 1/2) 2^-32 of four words, to 1e-6 relative. With u = d or 1 - d, d being at most 1/2 and its conversion signed and cheap, and u = 2^-t (1 + f),
 * f = d 2^t - 1 below 1/2 and 2^t - 1 - d 2^t above, where t is 0 or 1: next to 1 nothing cancels. Then log(1 + f) = 2 artanh(f / (2 + f)).
 */
// @ts-ignore: decorator
@inline
export function minusTwoLogOfWord(w: v128): v128 {
  let one = f32x4.splat(1.0);
  let upper = i32x4.shr_s(w, 31);
  let d = f32x4.mul(f32x4.add(f32x4.convert_i32x4_s(v128.xor(w, upper)), f32x4.splat(0.5)), f32x4.splat(1.0 / 4294967296.0));
  d = v128.xor(d, i32x4.shl(upper, 31));
  let u = f32x4.add(d, v128.and(upper, one));
  // 1 + f in [sqrt(1/2), sqrt 2): adding the bits of 1 / sqrt(1/2) rounds the exponent up from sqrt(1/2) on.
  let exponent = v128.and(i32x4.add(u, i32x4.splat(0x3F800000 - 0x3F3504F3)), i32x4.splat(0x7F800000));
  let t = i32x4.sub(i32x4.splat(0x3F800000), exponent);
  let power = i32x4.add(t, i32x4.splat(0x3F800000));
  let f = f32x4.add(f32x4.mul(d, power), f32x4.sub(v128.and(power, upper), one));
  let s = f32x4.div(f, f32x4.add(f, f32x4.splat(2.0)));
  // t in units of 2^23.
  let whole = f32x4.mul(f32x4.convert_i32x4_s(t), f32x4.splat(1.3862943611198906 / 8388608.0));
  return f32x4.add(whole, f32x4.mul(s, artanhCore(f32x4.mul(s, s))));
}

/** exp(x), correct down to the subnormals; Infinity above 88.72. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  x = f32x4.max(f32x4.min(x, f32x4.splat(100.0)), f32x4.splat(-110.0));
  let n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)));
  let r = reduced(x, n);
  let p = f32x4.add(f32x4.splat(1.0), f32x4.add(r, f32x4.mul(f32x4.mul(r, r), expCore(r))));
  // 2^n in two factors: n runs from -159 to 144.
  let i = i32x4.trunc_sat_f32x4_s(n);
  let half = i32x4.shr_s(i, 1);
  return f32x4.mul(f32x4.mul(p, power2(half)), power2(i32x4.sub(i, half)));
}

/** exp(x) - 1 for x <= 0. */
// @ts-ignore: decorator
@inline
export function expm1Negative(x: v128): v128 {
  x = f32x4.max(x, f32x4.splat(-80.0));
  let n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)));
  let r = reduced(x, n);
  let p = f32x4.add(r, f32x4.mul(f32x4.mul(r, r), expCore(r)));
  let scale = power2(i32x4.trunc_sat_f32x4_s(n));
  return f32x4.add(f32x4.mul(scale, p), f32x4.sub(scale, f32x4.splat(1.0)));
}

/** x - n log 2. */
// @ts-ignore: decorator
@inline
function reduced(x: v128, n: v128): v128 {
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  return f32x4.add(r, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
}

/** 2^n for whole n from -126 to 127. */
// @ts-ignore: decorator
@inline
function power2(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** sqrt(2) sin(a / 2), a being the angle 2 pi w 2^-32 beyond the nearest multiple of pi: with it h, cos a = 1 - h^2 and sin a = h sqrt(2 - h^2), without cancellation. */
// @ts-ignore: decorator
@inline
export function halfSineOfWord(w: v128): v128 {
  let x = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shl(w, 1)), f32x4.splat(1.0 / 2147483648.0));
  return f32x4.mul(x, sinCore(f32x4.mul(x, x)));
}

/** The sign bit that this multiple of pi gives the sine and the cosine. */
// @ts-ignore: decorator
@inline
export function signOfWord(w: v128): v128 {
  return v128.and(i32x4.add(w, i32x4.splat(0x40000000)), i32x4.splat(0x80000000));
}

/** The cosine of the angle whose `halfSineOfWord` squared is `q`. */
// @ts-ignore: decorator
@inline
export function cosOfHalf(q: v128): v128 {
  return f32x4.sub(f32x4.splat(1.0), q);
}

/** The sine of the angle with the half sine `h`, whose square is `q`. */
// @ts-ignore: decorator
@inline
export function sinOfHalf(h: v128, q: v128): v128 {
  return f32x4.mul(h, f32x4.sqrt(f32x4.sub(f32x4.splat(2.0), q)));
}
