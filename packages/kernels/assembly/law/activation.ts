import { ABS, ELU, ERF, GELU, LEAKY_RELU, LINEAR, RELU, SELU, SIGMOID, SILU, SOFTPLUS, TANH } from "../ensemble/activation";
import { erf, normalCdf, normalPdf } from "../math/special";
import { cos, sin } from "../math/trig";

const SELU_SCALE: f64 = 1.0507009873554805;
const SELU_ALPHA: f64 = 1.6732632423543772;
const TWO_OVER_SQRT_PI: f64 = 1.1283791670955126;

/** max(z, 0); a NaN stays, and -0 too. */
// @ts-ignore: decorator
@inline
export function relu(z: v128): v128 {
  return f64x2.pmax(z, f64x2.splat(0.0));
}

// @ts-ignore: decorator
@inline
function leakyRelu(z: v128, slope: f64): v128 {
  return v128.bitselect(f64x2.mul(z, f64x2.splat(slope)), z, f64x2.lt(z, f64x2.splat(0.0)));
}

function sigmoid(z: f64): f64 {
  if (z >= 0) return 1.0 / (1.0 + NativeMath.exp(-z));
  let e = NativeMath.exp(z);
  return e / (1.0 + e);
}

/** phi(z) of those that are not piecewise linear, as @sonde/core defines it. */
function value(z: f64, code: i32, parameter: f64): f64 {
  if (code == TANH) return NativeMath.tanh(z);
  if (code == SIGMOID) return sigmoid(z);
  if (code == SOFTPLUS) return max(z, 0.0) + NativeMath.log1p(NativeMath.exp(-abs(z)));
  if (code == SILU) return z * sigmoid(z);
  if (code == ELU) return z > 0 ? z : parameter * NativeMath.expm1(z);
  if (code == SELU) return SELU_SCALE * (z > 0 ? z : SELU_ALPHA * NativeMath.expm1(z));
  if (code == ERF) return erf(z);
  if (code == GELU) return z * normalCdf(z);
  return sin(parameter * z);
}

function sigmoidDerivative(z: f64): f64 {
  let e = NativeMath.exp(-abs(z));
  return e / ((1.0 + e) * (1.0 + e));
}

/** phi'(z), from the left at a kink, as @sonde/core defines it. */
function derivative(z: f64, code: i32, parameter: f64): f64 {
  if (code == RELU) return z > 0 ? 1.0 : 0.0;
  if (code == LEAKY_RELU) return z > 0 ? 1.0 : parameter;
  if (code == ABS) return z > 0 ? 1.0 : -1.0;
  if (code == TANH) return 4.0 * sigmoidDerivative(2.0 * z);
  if (code == SIGMOID) return sigmoidDerivative(z);
  if (code == SOFTPLUS) return sigmoid(z);
  if (code == SILU) return sigmoid(z) * (1.0 + z * sigmoid(-z));
  if (code == ELU) return z > 0 ? 1.0 : parameter * NativeMath.exp(z);
  if (code == SELU) return SELU_SCALE * (z > 0 ? 1.0 : SELU_ALPHA * NativeMath.exp(z));
  if (code == ERF) return TWO_OVER_SQRT_PI * NativeMath.exp(-z * z);
  if (code == GELU) return normalCdf(z) + z * normalPdf(z);
  return parameter * cos(parameter * z);
}

/** Applies the activation in place to [count][4] float64. `parameter` is the slope of leaky ReLU, the alpha of ELU and the frequency of sin. */
export function activate(values: usize, count: i32, code: i32, parameter: f64): void {
  let end = values + (<usize>count << 5);
  if (code == RELU) for (; values < end; values += 16) v128.store(values, relu(v128.load(values)));
  else if (code == LEAKY_RELU) for (; values < end; values += 16) v128.store(values, leakyRelu(v128.load(values), parameter));
  else if (code == ABS) for (; values < end; values += 16) v128.store(values, f64x2.abs(v128.load(values)));
  else if (code != LINEAR) for (; values < end; values += 8) store<f64>(values, value(load<f64>(values), code, parameter));
}

/** tangents *= phi'(values), then values = phi(values), both [count][4]. */
export function activateTangent(values: usize, tangents: usize, count: i32, code: i32, parameter: f64): void {
  if (code != LINEAR)
    for (let z = values, end = values + (<usize>count << 5); z < end; z += 8, tangents += 8)
      store<f64>(tangents, load<f64>(tangents) * derivative(load<f64>(z), code, parameter));
  activate(values, count, code, parameter);
}
