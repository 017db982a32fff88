const SCALED: i32 = 0;
const ZERO: i32 = 1;
const NOT_FINITE: i32 = 2;

/** 2^e for e from -1022 to 1023. */
// @ts-ignore: decorator
@inline
function power2(e: i32): f64 {
  return reinterpret<f64>(<u64>(e + 1023) << 52);
}

/** floor(log2 a) of a finite a > 0. */
// @ts-ignore: decorator
@inline
function exponentOf(a: f64): i32 {
  let bits = reinterpret<u64>(a);
  return bits >> 52 ? <i32>(bits >> 52) - 1023 : -1011 - <i32>clz(bits);
}

// @ts-ignore: decorator
@lazy const factors: usize = memory.data(64, 16);

/** Multiplies each lane of [count][4] float64 by 2^exponents[lane] (i32), from -2044 to 2046, in two steps that are exact unless the result is subnormal. */
export function timesPowers(values: usize, count: i32, exponents: usize): void {
  for (let k: usize = 0; k < 4; k++) {
    let e = load<i32>(exponents + (k << 2));
    store<f64>(factors + (k << 3), power2(e >> 1));
    store<f64>(factors + (k << 3), power2(e - (e >> 1)), 32);
  }
  let a01 = v128.load(factors), a23 = v128.load(factors, 16), b01 = v128.load(factors, 32), b23 = v128.load(factors, 48);
  for (let end = values + (<usize>count << 5); values < end; values += 32) {
    v128.store(values, f64x2.mul(f64x2.mul(v128.load(values), a01), b01));
    v128.store(values, f64x2.mul(f64x2.mul(v128.load(values, 16), a23), b23), 16);
  }
}

// @ts-ignore: decorator
@lazy const magnitudes: usize = memory.data(32, 16);
// @ts-ignore: decorator
@lazy const shifts: usize = memory.data(16, 16);

/** The largest magnitude of each lane of [count][4], NaN where there is one. */
function largest(values: usize, count: i32, out: usize): void {
  let a = f64x2.splat(0), b = a;
  for (let end = values + (<usize>count << 5); values < end; values += 32) {
    a = f64x2.max(a, f64x2.abs(v128.load(values)));
    b = f64x2.max(b, f64x2.abs(v128.load(values, 16)));
  }
  v128.store(out, a);
  v128.store(out, b, 16);
}

/**
 * Scales each lane of [count][4] float64 by the power of two that brings its largest magnitude into [1, 2), and adds the exponent taken out to exponents[lane] (i32).
 * flags[lane] (i32): 0 scaled, 1 all zero, 2 an infinity or NaN; lanes of the last two kinds are left as they are, and those whose largest magnitude lies in
 * [2^-slack, 2^(slack + 1)) too.
 */
export function rescale(values: usize, count: i32, exponents: usize, flags: usize, slack: i32): void {
  largest(values, count, magnitudes);
  let unchanged = true;
  for (let k: usize = 0; k < 4; k++) {
    let size = load<f64>(magnitudes + (k << 3));
    let flag = size == 0 ? ZERO : size < Infinity ? SCALED : NOT_FINITE;
    let e = flag == SCALED ? exponentOf(size) : 0;
    if (e <= slack && e >= -slack) e = 0;
    if (e) unchanged = false;
    let lane = k << 2;
    store<i32>(flags + lane, flag);
    store<i32>(exponents + lane, load<i32>(exponents + lane) + e);
    store<i32>(shifts + lane, -e);
  }
  if (!unchanged) timesPowers(values, count, shifts);
}
