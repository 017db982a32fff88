import { normalCdf, normalPdf } from "@sonde/core/math";

/** A standardised law is cut into so many parts, between its quantiles at Phi(-15/4), Phi(-14/4), ..., Phi(15/4). */
export const parts = 32;

/** The probability of each part, ascending. */
export function partShares(): number[] {
  return between([0, ...cuts().map(normalCdf), 1]);
}

/** The mean of the standard normal law in each part. */
export function normalParts(): number[] {
  const shares = partShares();
  return between([0, ...cuts().map(normalPdf), 0]).map((difference, part) => -difference / shares[part]);
}

function cuts(): number[] {
  return Array.from({ length: parts - 1 }, (_, k) => (k + 1 - parts / 2) / 4);
}

function between(values: readonly number[]): number[] {
  return values.slice(1).map((value, k) => value - values[k]);
}
