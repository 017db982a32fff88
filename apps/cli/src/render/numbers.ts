import type { Estimate } from "@sonde/core";

export { count, thousands } from "@sonde/core";

/** A share as a percentage with three significant digits; below 0.001 % in powers of ten. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return "–";
  if (share !== 0 && Math.abs(share) < 1e-5) return share.toExponential(1);
  const value = 100 * share;
  const digits = Math.abs(value) >= 99.95 || value === 0 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return `${value.toFixed(digits)} %`;
}

/** `value ± standard error`, rounded to so many digits of the error; without it where it is only rounding. */
export function plusMinus({ value, standardError }: Pick<Estimate, "value" | "standardError">, digits = 2): string {
  if (!Number.isFinite(value)) return "–";
  if (!(standardError > 1e-12 * Math.abs(value) && Number.isFinite(standardError))) return short(value);
  const decimals = Math.max(0, Math.min(12, digits - 1 - Math.floor(Math.log10(standardError))));
  if (standardError < 1e-10 || (standardError < 1e-5 && Math.abs(value) < 1e-3))
    return `${value.toExponential(3)} ± ${standardError.toExponential(1)}`;
  return `${value.toFixed(decimals)} ± ${standardError.toFixed(decimals)}`;
}

/** The same of a share in per cent; a dash without one. */
export function plusMinusPercent(share: Pick<Estimate, "value" | "standardError"> | undefined, digits?: number): string {
  if (!share || !Number.isFinite(share.value)) return "–";
  return `${plusMinus({ value: 100 * share.value, standardError: 100 * share.standardError }, digits)} %`;
}

/** A number with four significant digits. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)
    ? value.toExponential(2)
    : String(Number(value.toPrecision(4)));
}

/** A logarithm: what is 0 but for rounding is 0. */
export function logarithm(value: number): string {
  return short(Math.abs(value) < 1e-12 ? 0 : value);
}
