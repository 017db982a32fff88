import { DomainError } from "@sonde/core";
import { lgamma } from "@sonde/core/math";

/** mu_2 of the output of a branch: 2 mu_2(relu(z)) of Gaussian z. */
const branchMu2 = 1 - 1 / Math.PI;

/**
 * Batch-normalised residual units (`block` times batch norm, ReLU, dense; then the identity is added) at infinite width, for Gaussian pre-activations and a signal of nu_2 = mu_2 = 1 before the
 * first: nu_2 = 1 + l, mu_2 = 1 + (1 - 1/pi) l, and with d^2 = pi / (pi - 1) for every layer of the branch
 *
 *     chi_l^2 / chi_(l-1)^2 = (mu_2(y_(l-1)) + (1 - 1/pi) d^(2 block)) / mu_2(y_l),   so chi_l ~ l^tau with tau = (d^(2 block) - 1) / 2.
 *
 * The product over units is one of gamma functions. ln chi to about 1e-15 l ln l.
 *
 * @example
 * residualUnit(1, 2).logChi // 0.19159...
 */
export function residualUnit(
  unit: number,
  block: number,
): { nu2: number; mu2: number; spread: number; logChi: number; deltaChi: number } {
  const gain = branchGain(block);
  // chi_l^2 is the product over k = 0 ... l - 1 of (start + gain + k) / (start + 1 + k).
  const start = 1 / branchMu2;
  const rising = (from: number) => lgamma(from + unit) - lgamma(from);
  const mu2 = 1 + branchMu2 * unit;
  return {
    nu2: 1 + unit,
    mu2,
    spread: mu2 / (1 + unit),
    logChi: (rising(start + gain) - rising(start + 1)) / 2,
    deltaChi: Math.sqrt(start),
  };
}

/** d^(2 block). */
function branchGain(block: number): number {
  let gain = 1;
  for (let k = 0; k < block; k++) gain /= branchMu2;
  return gain;
}

/**
 * The exponent of the power law chi_l ~ C l^tau of residual units of `block` layers, tau = (d^(2 block) - 1) / 2, from the increment d of the first branch layer (default: that of Gaussian
 * values, sqrt(pi / (pi - 1)), which gives 0.2335, 0.5760, 1.0784 for blocks of 1, 2, 3). Throws `DomainError` for a block that is no whole number from 1.
 *
 * @example
 * residualExponent(2, 1.2009) // 0.5399...
 */
export function residualExponent(block: number, increment = Math.sqrt(1 / branchMu2)): number {
  if (!(Number.isInteger(block) && block >= 1)) throw new DomainError(`a block is a whole number of layers from 1, got ${block}`);
  let gain = 1;
  for (let k = 0; k < block; k++) gain *= increment * increment;
  return (gain - 1) / 2;
}
