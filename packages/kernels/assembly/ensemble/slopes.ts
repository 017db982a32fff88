// Derivatives of the activations.
import { cos } from "../math/trig";
import { ABS, activate, ELU, ERF, GELU, LEAKY_RELU, LINEAR, RELU, SELU, SELU_ALPHA_SCALE, SELU_SCALE, SIGMOID, SILU, SOFTPLUS, TANH, normalCdf, sigmoid } from "./activation";
import { exp } from "./float";

// @ts-ignore: decorator
@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** `right` where z > 0, `left` elsewhere. */
// @ts-ignore: decorator
@inline
function step(z: v128, left: v128, right: f32): v128 {
  return v128.bitselect(splat(right), left, f32x4.gt(z, splat(0.0)));
}

/** e / (1 + e)^2 with e = exp(-|z|): the derivative of the logistic function. */
// @ts-ignore: decorator
@inline
function bell(z: v128): v128 {
  let e = exp(f32x4.neg(f32x4.abs(z)));
  let one = f32x4.add(splat(1.0), e);
  return f32x4.div(e, f32x4.mul(one, one));
}

function silu(z: v128): v128 {
  return f32x4.mul(sigmoid(z), f32x4.add(splat(1.0), f32x4.mul(z, sigmoid(f32x4.neg(z)))));
}

function elu(z: v128, positive: f32, negative: f32): v128 {
  return step(z, f32x4.mul(splat(negative), exp(f32x4.min(z, splat(0.0)))), positive);
}

/** factor exp(-z^2 / 2 a) with a = 1 / 2 or 1, where `half` is 1 / 2 a. */
// @ts-ignore: decorator
@inline
function gaussian(z: v128, half: f32, factor: f32): v128 {
  return f32x4.mul(splat(factor), exp(f32x4.mul(f32x4.mul(z, z), splat(-half))));
}

function gelu(z: v128): v128 {
  return f32x4.add(normalCdf(z), f32x4.mul(z, gaussian(z, 0.5, 0.3989422804014327)));
}

function cosines(x: v128, frequency: f64): v128 {
  x = f32x4.replace_lane(x, 0, <f32>(frequency * cos(frequency * f32x4.extract_lane(x, 0))));
  x = f32x4.replace_lane(x, 1, <f32>(frequency * cos(frequency * f32x4.extract_lane(x, 1))));
  x = f32x4.replace_lane(x, 2, <f32>(frequency * cos(frequency * f32x4.extract_lane(x, 2))));
  return f32x4.replace_lane(x, 3, <f32>(frequency * cos(frequency * f32x4.extract_lane(x, 3))));
}

/** phi'(z); at a kink the derivative from the left. */
// @ts-ignore: decorator
@inline
export function slope(z: v128, code: i32, parameter: f32): v128 {
  if (code == LEAKY_RELU) return step(z, splat(parameter), 1.0);
  if (code == ABS) return step(z, splat(-1.0), 1.0);
  if (code == TANH) return f32x4.mul(splat(4.0), bell(f32x4.add(z, z)));
  if (code == SIGMOID) return bell(z);
  if (code == SOFTPLUS) return sigmoid(z);
  if (code == SILU) return silu(z);
  if (code == ELU) return elu(z, 1.0, parameter);
  if (code == SELU) return elu(z, SELU_SCALE, SELU_ALPHA_SCALE);
  if (code == ERF) return gaussian(z, 1.0, 1.1283791670955126);
  if (code == GELU) return gelu(z);
  return cosines(z, parameter);
}

/** tangents *= phi'(values), both `count` vectors; gradients are multiplied by slopes as tangents are. */
export function multiplySlopes(values: usize, tangents: usize, count: i32, code: i32, parameter: f32): void {
  let z = values, end = values + (<usize>count << 4);
  if (code == RELU) {
    let zero = f32x4.splat(0);
    for (; z < end; z += 16, tangents += 16) v128.store(tangents, v128.and(v128.load(tangents), f32x4.gt(v128.load(z), zero)));
  } else if (code != LINEAR) {
    for (; z < end; z += 16, tangents += 16) v128.store(tangents, f32x4.mul(v128.load(tangents), slope(v128.load(z), code, parameter)));
  }
}

/** tangents *= phi'(values), then values = phi(values), both `count` vectors. */
export function activateTangent(values: usize, tangents: usize, count: i32, code: i32, parameter: f32): void {
  multiplySlopes(values, tangents, count, code, parameter);
  activate(values, count, code, parameter);
}
