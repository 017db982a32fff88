// Functions of lanes alone, which the native kernels take from here for vectors of any length; the modules have them inlined.
import { ELU, ERF, GELU, SELU, SIGMOID, SILU, SOFTPLUS, TANH } from "../ensemble/activation";
import { slope } from "../ensemble/slopes";

export { exp, logNear1 } from "../ensemble/float";
export { artanhCore, sinCore, tanhCore } from "../ensemble/polynomials";
export { decay } from "../trainer/activate";

export function slopeOfTanh(z: v128): v128 { return slope(z, TANH, 0); }
export function slopeOfSigmoid(z: v128): v128 { return slope(z, SIGMOID, 0); }
export function slopeOfSoftplus(z: v128): v128 { return slope(z, SOFTPLUS, 0); }
export function slopeOfSilu(z: v128): v128 { return slope(z, SILU, 0); }
export function slopeOfElu(z: v128, alpha: f32): v128 { return slope(z, ELU, alpha); }
export function slopeOfSelu(z: v128): v128 { return slope(z, SELU, 0); }
export function slopeOfErf(z: v128): v128 { return slope(z, ERF, 0); }
export function slopeOfGelu(z: v128): v128 { return slope(z, GELU, 0); }
