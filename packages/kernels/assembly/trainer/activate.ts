// Activations together with their slopes, which share the exponential function. Loops end with their condition, so that the engine may keep constants in registers.
import { activate, copySign, SIGMOID, SILU, SOFTPLUS, TANH } from "../ensemble/activation";
import { logNear1 } from "../ensemble/float";
import { expCore, tanhCore } from "../ensemble/polynomials";
import { slope } from "../ensemble/slopes";

// @ts-ignore: decorator
@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** 1 / (1 + e). */
// @ts-ignore: decorator
@inline
function share(e: v128): v128 {
  return f32x4.div(splat(1.0), f32x4.add(splat(1.0), e));
}

/** Added to a number of magnitude below 2^22 it leaves the nearest whole number in the last bits. */
const ROUND: f32 = 12582912;

/** exp(-|z|), at least 2^-126: cheaper than `exp`, which has no such bounds. A NaN stays. */
// @ts-ignore: decorator
@inline
export function decay(z: v128): v128 {
  let x = f32x4.pmax(f32x4.neg(f32x4.abs(z)), splat(-87.0));
  let whole = f32x4.add(f32x4.mul(x, splat(1.4426950408889634)), splat(ROUND));
  let n = f32x4.sub(whole, splat(ROUND));
  let r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, splat(0.693359375))), f32x4.mul(n, splat(-2.12194440e-4)));
  let p = f32x4.add(splat(1.0), f32x4.add(r, f32x4.mul(f32x4.mul(r, r), expCore(r))));
  return f32x4.mul(p, i32x4.add(i32x4.shl(whole, 23), i32x4.splat(0x3F800000)));
}

// @ts-ignore: decorator
@inline
function tanhs(values: usize, slopes: usize, end: usize): void {
  do {
    let x = v128.load(values);
    let z = f32x4.mul(x, x);
    let e = decay(f32x4.add(x, x));
    let r = share(e);
    let near = f32x4.add(x, f32x4.mul(f32x4.mul(x, z), tanhCore(z)));
    let far = copySign(f32x4.mul(f32x4.sub(splat(1.0), e), r), x);
    v128.store(values, v128.bitselect(near, far, f32x4.lt(z, splat(0.36))));
    v128.store(slopes, f32x4.mul(f32x4.mul(splat(4.0), e), f32x4.mul(r, r)));
    values += 16;
    slopes += 16;
  } while (values < end);
}

// @ts-ignore: decorator
@inline
function sigmoids(values: usize, slopes: usize, end: usize): void {
  do {
    let x = v128.load(values);
    let e = decay(x);
    let r = share(e);
    let small = f32x4.mul(e, r);
    v128.store(values, v128.bitselect(small, r, f32x4.lt(x, splat(0.0))));
    v128.store(slopes, f32x4.mul(small, r));
    values += 16;
    slopes += 16;
  } while (values < end);
}

// @ts-ignore: decorator
@inline
function silus(values: usize, slopes: usize, end: usize): void {
  do {
    let x = v128.load(values);
    let e = decay(x);
    let r = share(e);
    let small = f32x4.mul(e, r);
    let negative = f32x4.lt(x, splat(0.0));
    let s = v128.bitselect(small, r, negative);
    v128.store(values, f32x4.mul(x, s));
    v128.store(slopes, f32x4.mul(s, f32x4.add(splat(1.0), f32x4.mul(x, v128.bitselect(r, small, negative)))));
    values += 16;
    slopes += 16;
  } while (values < end);
}

// @ts-ignore: decorator
@inline
function softpluses(values: usize, slopes: usize, end: usize): void {
  do {
    let x = v128.load(values);
    let t = decay(x);
    let r = share(t);
    // log(1 + t): directly, or as log 2 + log((1 + t) / 2), so that the argument stays near 1.
    let small = f32x4.lt(t, splat(0.4));
    let f = v128.bitselect(t, f32x4.mul(f32x4.sub(t, splat(1.0)), splat(0.5)), small);
    let l = f32x4.add(logNear1(f), v128.andnot(splat(0.6931471805599453), small));
    v128.store(values, f32x4.add(f32x4.max(x, splat(0.0)), l));
    v128.store(slopes, v128.bitselect(f32x4.mul(t, r), r, f32x4.lt(x, splat(0.0))));
    values += 16;
    slopes += 16;
  } while (values < end);
}

/** slopes = phi'(values), then values = phi(values), both `count` vectors. */
export function activateWithSlopes(values: usize, slopes: usize, count: i32, code: i32, parameter: f32): void {
  let end = values + (<usize>count << 4);
  if (code == TANH) tanhs(values, slopes, end);
  else if (code == SIGMOID) sigmoids(values, slopes, end);
  else if (code == SILU) silus(values, slopes, end);
  else if (code == SOFTPLUS) softpluses(values, slopes, end);
  else {
    for (let z = values, s = slopes; z < end; z += 16, s += 16) v128.store(s, slope(v128.load(z), code, parameter));
    activate(values, count, code, parameter);
  }
}

/** gradients *= slopes, both `count` vectors. */
export function multiply(slopes: usize, gradients: usize, count: i32): void {
  for (let end = slopes + (<usize>count << 4); slopes < end; slopes += 16, gradients += 16)
    v128.store(gradients, f32x4.mul(v128.load(gradients), v128.load(slopes)));
}

/** `count` gradients become 0 where the values are not above 0; where those are NaN they stay. */
export function maskNegative(values: usize, gradients: usize, count: i32): void {
  let zero = f32x4.splat(0);
  for (let end = values + (<usize>count << 4); values < end; values += 16, gradients += 16)
    v128.store(gradients, v128.andnot(v128.load(gradients), f32x4.le(v128.load(values), zero)));
}
