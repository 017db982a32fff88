import type { Expansion } from "./expansion.js";

/** The unit of `scaledInteger`: every float64 is a whole multiple of 2^-1074. */
export const scaleBits = 1074n;

/** 2^1074 times the exact value of an expansion. */
export function scaledInteger(expansion: Expansion): bigint {
  return expansion.reduce((sum, x) => sum + scaledFloat(x), 0n);
}

function scaledFloat(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = exponent === 0n ? fraction : (fraction | 0x10000000000000n) << (exponent - 1n);
  return x < 0 ? -magnitude : magnitude;
}

/** The float64 nearest to numerator / denominator (ties to even; one more rounding where it is subnormal); NaN for 0 / 0, +-Infinity for x / 0. */
export function nearestRatio(numerator: bigint, denominator: bigint): number {
  if (denominator === 0n)
    return numerator === 0n ? Number.NaN : numerator > 0n ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  if (numerator < 0n) return -nearestRatio(-numerator, denominator);
  // 60 significant bits of the quotient or more, the last one set if anything is left below: rounding to 53 bits then sees what it must.
  const shift = 64 - (bitLength(numerator) - bitLength(denominator));
  const [top, bottom] = shift >= 0 ? [numerator << BigInt(shift), denominator] : [numerator, denominator << BigInt(-shift)];
  const quotient = top / bottom;
  const sticky = quotient * bottom === top ? quotient : quotient | 1n;
  const half = Math.trunc(shift / 2);
  return Number(sticky) * 2 ** -half * 2 ** -(shift - half);
}

/** To within 3 bits. */
function bitLength(x: bigint): number {
  return x.toString(16).length * 4;
}
