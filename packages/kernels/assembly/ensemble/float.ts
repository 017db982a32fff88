// Elementary functions on four float32 lanes.
import { artanhCore, cosCore, expCore, logCore, sinCore } from "./polynomials";

/** log(1 + f) for f in [sqrt(1/2) - 1, sqrt 2 - 1], to 2e-7 relative. */
// @ts-ignore: decorator
@inline
export function logNear1(f: v128): v128 {
  let z = f32x4.mul(f, f);
  let tail = f32x4.sub(f32x4.mul(f32x4.mul(z, f), logCore(f)), f32x4.mul(z, f32x4.splat(0.5)));
  return f32x4.add(f, tail);
}

/**
 * -2 log u for u = (w + 1/2) 2^-32 of four words, to 1e-6 relative. With d = 2^32 min(u, 1 - u), whose conversion is signed and cheap, and u = 2^-t (1 + f),
 * f = d 2^(t - 32) - 1 below 1/2 and 2^t - 1 - d 2^(t - 32) above, where t is 0 or 1: next to 1 nothing cancels. Then log(1 + f) = 2 artanh(f / (2 + f)).
 */
// @ts-ignore: decorator
@inline
export function minusTwoLogOfWord(w: v128): v128 {
  let upper = i32x4.shr_s(w, 31);
  let d = f32x4.add(f32x4.convert_i32x4_s(v128.xor(w, upper)), f32x4.splat(0.5));
  let u = f32x4.abs(f32x4.sub(d, v128.and(upper, f32x4.splat(4294967296.0))));
  // 1 + f in [sqrt(1/2), sqrt 2): adding the bits of 1 / sqrt(1/2) rounds the exponent up from sqrt(1/2) on.
  let t = i32x4.sub(i32x4.splat(159), i32x4.shr_u(i32x4.add(u, i32x4.splat(0x3F800000 - 0x3F3504F3)), 23));
  let power = power2(t);
  let signed = f32x4.mul(f32x4.mul(d, f32x4.splat(1.0 / 4294967296.0)), v128.xor(power, i32x4.shl(upper, 31)));
  let f = f32x4.add(signed, f32x4.sub(v128.and(power, upper), f32x4.splat(1.0)));
  let s = f32x4.div(f, f32x4.add(f, f32x4.splat(2.0)));
  return f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(t), f32x4.splat(1.3862943611198906)), f32x4.mul(s, artanhCore(f32x4.mul(s, s))));
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

/** The angle 2 pi w 2^-32 beyond the nearest multiple of pi, in right angles: [-1, 1). */
// @ts-ignore: decorator
@inline
export function rightAnglesOfWord(w: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shl(w, 1)), f32x4.splat(1.0 / 2147483648.0));
}

/** The sign bit that this multiple of pi gives the sine and the cosine. */
// @ts-ignore: decorator
@inline
export function signOfWord(w: v128): v128 {
  return v128.and(i32x4.add(w, i32x4.splat(0x40000000)), i32x4.splat(0x80000000));
}

/** sin(x pi / 2) for |x| <= 1. */
// @ts-ignore: decorator
@inline
export function sinRight(x: v128): v128 {
  return f32x4.mul(x, sinCore(f32x4.mul(x, x)));
}

/** cos(x pi / 2) for |x| <= 1. */
// @ts-ignore: decorator
@inline
export function cosRight(x: v128): v128 {
  let z = f32x4.mul(x, x);
  return f32x4.add(f32x4.mul(z, cosCore(z)), f32x4.splat(1.0));
}
