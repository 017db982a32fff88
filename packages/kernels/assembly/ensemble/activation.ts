import { sin } from "../math/trig";
import { exp, expm1Negative, logNear1 } from "./float";
import { erfCore, erfcxCore, tanhCore } from "./polynomials";

// The codes of src/activation.ts.
export const LINEAR: i32 = 0;
export const RELU: i32 = 1;
export const LEAKY_RELU: i32 = 2;
export const ABS: i32 = 3;
export const TANH: i32 = 4;
export const SIGMOID: i32 = 5;
export const SOFTPLUS: i32 = 6;
export const SILU: i32 = 7;
export const ELU: i32 = 8;
export const SELU: i32 = 9;
export const ERF: i32 = 10;
export const GELU: i32 = 11;
export const SIN: i32 = 12;

export const SELU_SCALE: f32 = 1.0507009873554805;
export const SELU_ALPHA_SCALE: f32 = 1.7580993408473766;

// @ts-ignore: decorator
@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** max(z, 0); a NaN stays, and -0 too. */
// @ts-ignore: decorator
@inline
export function relu(z: v128): v128 {
  return f32x4.pmax(z, splat(0.0));
}

// @ts-ignore: decorator
@inline
function leakyRelu(z: v128, slope: f32): v128 {
  return v128.bitselect(f32x4.mul(z, splat(slope)), z, f32x4.lt(z, splat(0.0)));
}

// @ts-ignore: decorator
@inline
export function copySign(magnitude: v128, sign: v128): v128 {
  return v128.bitselect(sign, magnitude, i32x4.splat(0x80000000));
}

function tanh(x: v128): v128 {
  let a = f32x4.abs(x);
  let z = f32x4.mul(x, x);
  let near = f32x4.add(x, f32x4.mul(f32x4.mul(x, z), tanhCore(z)));
  let far = f32x4.sub(splat(1.0), f32x4.div(splat(2.0), f32x4.add(exp(f32x4.add(a, a)), splat(1.0))));
  return v128.bitselect(near, copySign(far, x), f32x4.lt(a, splat(0.6)));
}

export function sigmoid(x: v128): v128 {
  // exp of a negative number never overflows: 1 / (1 + e) or e / (1 + e).
  let e = exp(f32x4.neg(f32x4.abs(x)));
  let numerator = v128.bitselect(e, splat(1.0), f32x4.lt(x, splat(0.0)));
  return f32x4.div(numerator, f32x4.add(splat(1.0), e));
}

function softplus(x: v128): v128 {
  let t = exp(f32x4.neg(f32x4.abs(x)));
  // log(1 + t): directly, or as log 2 + log((1 + t) / 2), so that the argument stays near 1.
  let small = f32x4.lt(t, splat(0.4));
  let f = v128.bitselect(t, f32x4.mul(f32x4.sub(t, splat(1.0)), splat(0.5)), small);
  let l = f32x4.add(logNear1(f), v128.andnot(splat(0.6931471805599453), small));
  return f32x4.add(f32x4.max(x, splat(0.0)), l);
}

function elu(x: v128, positive: f32, negative: f32): v128 {
  let below = f32x4.mul(splat(negative), expm1Negative(f32x4.min(x, splat(0.0))));
  return v128.bitselect(below, f32x4.mul(splat(positive), x), f32x4.lt(x, splat(0.0)));
}

/** erfc(y) for y >= 0. */
// @ts-ignore: decorator
@inline
function erfcPositive(y: v128): v128 {
  y = f32x4.min(y, splat(12.0));
  let t = f32x4.div(f32x4.sub(y, splat(3.75)), f32x4.add(y, splat(3.75)));
  return f32x4.div(f32x4.mul(erfcxCore(t), exp(f32x4.neg(f32x4.mul(y, y)))), f32x4.add(splat(1.0), f32x4.add(y, y)));
}

function erf(x: v128): v128 {
  let a = f32x4.abs(x);
  let near = f32x4.add(x, f32x4.mul(x, erfCore(f32x4.mul(x, x))));
  let far = f32x4.sub(splat(1.0), erfcPositive(a));
  return v128.bitselect(near, copySign(far, x), f32x4.lt(a, splat(1.0)));
}

/** The distribution function of the standard normal law. */
// @ts-ignore: decorator
@inline
export function normalCdf(x: v128): v128 {
  let tail = f32x4.mul(splat(0.5), erfcPositive(f32x4.mul(f32x4.abs(x), splat(0.7071067811865476))));
  return v128.bitselect(tail, f32x4.sub(splat(1.0), tail), f32x4.lt(x, splat(0.0)));
}

function gelu(x: v128): v128 {
  return f32x4.mul(x, normalCdf(x));
}

/** Lane by lane in float64: the argument may be large, and no one measures sines by the billion. */
function sines(x: v128, frequency: f64): v128 {
  x = f32x4.replace_lane(x, 0, <f32>sin(frequency * f32x4.extract_lane(x, 0)));
  x = f32x4.replace_lane(x, 1, <f32>sin(frequency * f32x4.extract_lane(x, 1)));
  x = f32x4.replace_lane(x, 2, <f32>sin(frequency * f32x4.extract_lane(x, 2)));
  return f32x4.replace_lane(x, 3, <f32>sin(frequency * f32x4.extract_lane(x, 3)));
}

/** Applies the activation in place to `count` vectors. `parameter` is the slope of leaky ReLU, the alpha of ELU and the frequency of sin. */
export function activate(values: usize, count: i32, code: i32, parameter: f32): void {
  let end = values + (count << 4);
  if (code == RELU) for (; values < end; values += 16) v128.store(values, relu(v128.load(values)));
  else if (code == LEAKY_RELU) for (; values < end; values += 16) v128.store(values, leakyRelu(v128.load(values), parameter));
  else if (code == ABS) for (; values < end; values += 16) v128.store(values, f32x4.abs(v128.load(values)));
  else if (code == TANH) for (; values < end; values += 16) v128.store(values, tanh(v128.load(values)));
  else if (code == SIGMOID) for (; values < end; values += 16) v128.store(values, sigmoid(v128.load(values)));
  else if (code == SOFTPLUS) for (; values < end; values += 16) v128.store(values, softplus(v128.load(values)));
  else if (code == SILU) for (; values < end; values += 16) v128.store(values, f32x4.mul(v128.load(values), sigmoid(v128.load(values))));
  else if (code == ELU) for (; values < end; values += 16) v128.store(values, elu(v128.load(values), 1.0, parameter));
  else if (code == SELU) for (; values < end; values += 16) v128.store(values, elu(v128.load(values), SELU_SCALE, SELU_ALPHA_SCALE));
  else if (code == ERF) for (; values < end; values += 16) v128.store(values, erf(v128.load(values)));
  else if (code == GELU) for (; values < end; values += 16) v128.store(values, gelu(v128.load(values)));
  else if (code == SIN) for (; values < end; values += 16) v128.store(values, sines(v128.load(values), parameter));
}
