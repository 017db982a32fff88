// Elementary functions on four float32 lanes.
import { cosCore, expCore, logCore, sinCore } from "./polynomials";

/** log(1 + f) for f in [sqrt(1/2) - 1, sqrt 2 - 1], to 2e-7 relative. */
// @ts-ignore: decorator
@inline
export function logNear1(f: v128): v128 {
  let z = f32x4.mul(f, f);
  let tail = f32x4.sub(f32x4.mul(f32x4.mul(z, f), logCore(f)), f32x4.mul(z, f32x4.splat(0.5)));
  return f32x4.add(f, tail);
}

/** log((w + 1/2) 2^-32) of four words; near 1 its relative accuracy comes from 1 - u = (~w + 1/2) 2^-32. */
// @ts-ignore: decorator
@inline
export function logOfWord(w: v128): v128 {
  let half = f32x4.splat(0.5);
  let bits = f32x4.add(f32x4.convert_i32x4_u(w), half);
  // u = 2^e m with m in [sqrt(1/2), sqrt 2): adding the bits of 1 / sqrt(1/2) rounds the exponent up from sqrt(1/2) on.
  let shifted = i32x4.add(bits, i32x4.splat(0x3F800000 - 0x3F3504F3));
  let exponent = i32x4.sub(i32x4.shr_u(shifted, 23), i32x4.splat(127));
  let m = i32x4.sub(bits, i32x4.shl(exponent, 23));
  let complement = f32x4.mul(f32x4.add(f32x4.convert_i32x4_u(v128.not(w)), half), f32x4.splat(-1.0 / 4294967296.0));
  let top = i32x4.eq(exponent, i32x4.splat(32));
  let f = v128.bitselect(complement, f32x4.sub(m, f32x4.splat(1.0)), top);
  let e = f32x4.convert_i32x4_s(i32x4.sub(exponent, i32x4.splat(32)));
  // log 2 in two parts, the first of 12 bits, so that e times it is exact.
  let low = f32x4.add(logNear1(f), f32x4.mul(e, f32x4.splat(-2.12194440e-4)));
  return f32x4.add(f32x4.mul(e, f32x4.splat(0.693359375)), low);
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

/** The quadrant of the angle 2 pi w 2^-32, 0 to 3 modulo 4, rounded to the nearest. */
// @ts-ignore: decorator
@inline
export function quadrantOfWord(w: v128): v128 {
  return i32x4.shr_u(i32x4.add(w, i32x4.splat(0x20000000)), 30);
}

/** The rest of that angle, in [-pi/4, pi/4]; the subtraction is exact. */
// @ts-ignore: decorator
@inline
export function angleOfWord(w: v128, quadrant: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(w, i32x4.shl(quadrant, 30))), f32x4.splat(1.4629180792671596e-9));
}

/** sin(r) for |r| <= pi/4. */
// @ts-ignore: decorator
@inline
export function sinSmall(r: v128): v128 {
  let z = f32x4.mul(r, r);
  return f32x4.add(r, f32x4.mul(f32x4.mul(r, z), sinCore(z)));
}

/** cos(r) for |r| <= pi/4. */
// @ts-ignore: decorator
@inline
export function cosSmall(r: v128): v128 {
  let z = f32x4.mul(r, r);
  let low = f32x4.sub(f32x4.mul(f32x4.mul(z, z), cosCore(z)), f32x4.mul(z, f32x4.splat(0.5)));
  return f32x4.add(f32x4.splat(1.0), low);
}
