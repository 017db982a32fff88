/**
 * An exact sum: numbers that do not overlap, ascending in magnitude, none of them 0, whose real sum is the value (Shewchuk 1997). Plain data.
 * Exact as long as no partial sum exceeds float64.
 */
export type Expansion = number[];

/** Adds x exactly, in place: the error of every addition is kept as a number of its own (two-sum). */
export function addExactly(expansion: Expansion, x: number): void {
  let kept = 0;
  let sum = x;
  for (let i = 0; i < expansion.length; i++) {
    const y = expansion[i];
    const high = sum + y;
    const rest = high - sum;
    const low = sum - (high - rest) + (y - rest);
    if (low !== 0) expansion[kept++] = low;
    sum = high;
  }
  if (sum !== 0) expansion[kept++] = sum;
  if (kept < expansion.length) expansion.length = kept;
}

/** The float64 nearest to the value, ties to even. */
export function nearestFloat(expansion: Expansion): number {
  let i = expansion.length - 1;
  if (i < 0) return 0;
  let high = expansion[i];
  let low = 0;
  while (i > 0 && low === 0) {
    const y = expansion[--i];
    const sum = high + y;
    low = y - (sum - high);
    high = sum;
  }
  // `low` is what rounding left over; where it is exactly half a unit, the numbers below it decide.
  if (i > 0 && Math.sign(low) === Math.sign(expansion[i - 1])) {
    const double = 2 * low;
    const up = high + double;
    if (up - high === double) high = up;
  }
  return high;
}

/** The same value in the one form that depends on nothing but the value: each number, from the last, is the nearest float64 to what remains. */
export function canonical(expansion: Expansion): Expansion {
  const rest = [...expansion];
  const result: Expansion = [];
  while (rest.length > 0) {
    const leading = nearestFloat(rest);
    result.unshift(leading);
    addExactly(rest, -leading);
  }
  return result;
}

/** Both parts of the exact product: `high` is a * b rounded, `high + low` is a * b, unless `low` underflows (products below 1e-291). */
export function addProductExactly(expansion: Expansion, a: number, b: number): void {
  const high = a * b;
  addExactly(expansion, high);
  const low = productError(a, b, high);
  if (low !== 0) addExactly(expansion, low);
}

/** a b - high for high = a * b rounded (Dekker 1971); |a|, |b| below 2^996. */
export function productError(a: number, b: number, high: number): number {
  const splitter = 134217729; // 2^27 + 1
  const ca = splitter * a;
  const aHigh = ca - (ca - a);
  const aLow = a - aHigh;
  const cb = splitter * b;
  const bHigh = cb - (cb - b);
  const bLow = b - bHigh;
  return aLow * bLow - (high - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}
