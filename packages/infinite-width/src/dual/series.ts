import type { HermiteSeries } from "./hermite.js";

/**
 * The dual of two Hermite series at correlation c in [-1, 1]: E phi phi = sum a_n b_n c^n and E phi' phi' = sum n a_n b_n c^(n-1) / sqrt(q1 q2) (Mehler). What is left out
 * after N terms is at most |c|^N times the root of the product of the rests, by Cauchy and Schwarz; `error` is that, relative to the roots of E phi^2 E phi^2 and
 * E phi'^2 E phi'^2.
 */
export function seriesDual(
  a: HermiteSeries,
  b: HermiteSeries,
  correlation: number,
): { readonly value: number; readonly first: number; readonly error: number } {
  const terms = Math.min(a.coefficients.length, b.coefficients.length);
  // Horner's scheme for the series and its derivative.
  let value = 0;
  let slope = 0;
  for (let n = terms - 1; n >= 0; n--) {
    slope = slope * correlation + value;
    value = value * correlation + a.coefficients[n] * b.coefficients[n];
  }
  const left = power(Math.abs(correlation), terms - 1);
  const error =
    left *
    Math.max(
      ratio(a.rest * b.rest, a.second * b.second),
      ratio(a.derivativeRest * b.derivativeRest, a.derivativeSecond * b.derivativeSecond),
    );
  return { value, first: slope / Math.sqrt(a.variance * b.variance), error: error + terms * Number.EPSILON };
}

function ratio(rest: number, whole: number): number {
  return whole === 0 ? 0 : Math.sqrt(rest / whole);
}

/** x^n for whole n >= 0, by squaring. */
function power(x: number, n: number): number {
  let result = 1;
  for (let base = x, left = n; left > 0; left = Math.floor(left / 2), base *= base) if (left % 2 === 1) result *= base;
  return result;
}
