const OK: i32 = 0;
const ZERO: i32 = 1;
const NOT_FINITE: i32 = 2;

/** 2^e for e from -126 to 127. */
// @ts-ignore: decorator
@inline
function power2(e: i32): f32 {
  return reinterpret<f32>((e + 127) << 23);
}

// @ts-ignore: decorator
@lazy const factors: usize = memory.data(32, 16);

/**
 * Scales each lane of [count][4] by the power of two that brings its largest magnitude into [1, 2), and adds the exponent taken out to
 * exponents[lane] (i32). flags[lane] (i32): 0 scaled, 1 all zero, 2 an infinity or NaN; lanes of the last two kinds are left as they are, and those whose largest
 * magnitude lies in [2^-slack, 2^(slack + 1)) too.
 */
export function rescale(values: usize, count: i32, exponents: usize, flags: usize, slack: i32): void {
  // Magnitudes compare like whole numbers, with infinity and NaN on top.
  let bits = i32x4.splat(0x7FFFFFFF);
  let largest = i32x4.splat(0);
  for (let p = values, end = values + (<usize>count << 4); p < end; p += 16) largest = i32x4.max_u(largest, v128.and(v128.load(p), bits));
  rescaleFrom(largest, values, count, exponents, flags, slack);
}

/** The same, where the largest magnitudes (as bits) are known. */
export function rescaleFrom(largest: v128, values: usize, count: i32, exponents: usize, flags: usize, slack: i32): void {
  v128.store(factors, largest);
  let unchanged = true;
  for (let k: usize = 0; k < 16; k += 4) {
    let bits = load<i32>(factors + k);
    let flag = bits == 0 ? ZERO : bits >= 0x7F800000 ? NOT_FINITE : OK;
    let e = 0;
    if (flag == OK) e = bits >= 0x00800000 ? (bits >> 23) - 127 : -118 - <i32>clz(bits);
    if (e <= slack && e >= -slack) e = 0;
    store<i32>(flags + k, flag);
    store<i32>(exponents + k, load<i32>(exponents + k) + e);
    // In two factors: 2^149, for a subnormal, is not a float32.
    let half = -e >> 1;
    store<f32>(factors + k, power2(half));
    store<f32>(factors + k, power2(-e - half), 16);
    if (e) unchanged = false;
  }
  if (unchanged) return;
  let first = v128.load(factors), second = v128.load(factors, 16);
  for (let p = values, end = values + (<usize>count << 4); p < end; p += 16) v128.store(p, f32x4.mul(f32x4.mul(v128.load(p), first), second));
}

/** Four lanes that are all ones or zero, as four bytes 1 or 0. */
// @ts-ignore: decorator
@inline
function bytes(mask: v128): i32 {
  return (i32x4.bitmask(mask) * 0x00204081) & 0x01010101;
}

/** masks[point][lane] (bytes) = 1 if any unit of [points][units][4] is not zero; counts[lane] (i32) = how many points are. */
export function alivePoints(values: usize, points: i32, units: i32, masks: usize, counts: usize): void {
  let total = i32x4.splat(0);
  let zero = f32x4.splat(0);
  for (let p = 0; p < points; p++) {
    let any = i32x4.splat(0);
    for (let end = values + (<usize>units << 4); values < end; values += 16) any = v128.or(any, f32x4.ne(v128.load(values), zero));
    store<i32>(masks + (<usize>p << 2), bytes(any));
    total = i32x4.sub(total, any);
  }
  v128.store(counts, total);
}

/** masks[unit][lane] (bytes) = 1 if any point of [points][units][4] is not zero in that unit; counts[lane] (i32) = how many units are. */
export function aliveUnits(values: usize, points: i32, units: i32, masks: usize, counts: usize): void {
  let total = i32x4.splat(0);
  let zero = f32x4.splat(0);
  let row = <usize>units << 4;
  for (let u = 0; u < units; u++) {
    let any = i32x4.splat(0);
    let value = values + (<usize>u << 4);
    for (let p = 0; p < points && i32x4.bitmask(any) != 15; p++, value += row) any = v128.or(any, f32x4.ne(v128.load(value), zero));
    store<i32>(masks + (<usize>u << 2), bytes(any));
    total = i32x4.sub(total, any);
  }
  v128.store(counts, total);
}

/** Copies each of `count` floats into the four lanes of a vector; `out` may not overlap `values`. */
export function broadcastLanes(values: usize, count: i32, out: usize): void {
  for (let i = 0; i < count; i++, values += 4, out += 16) v128.store(out, v128.load32_splat(values));
}

/** Takes the lanes of [count][4] apart: out is [4][count] and may not overlap `values`. */
export function separateLanes(values: usize, count: i32, out: usize): void {
  let stride = <usize>count << 2;
  let i = 0;
  for (; i + 4 <= count; i += 4, values += 64, out += 16) {
    let a = v128.load(values), b = v128.load(values, 16), c = v128.load(values, 32), d = v128.load(values, 48);
    let ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    v128.store(out, v128.shuffle<i64>(ab, cd, 0, 2));
    v128.store(out + stride, v128.shuffle<i64>(ab, cd, 1, 3));
    ab = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    cd = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    v128.store(out + 2 * stride, v128.shuffle<i64>(ab, cd, 0, 2));
    v128.store(out + 3 * stride, v128.shuffle<i64>(ab, cd, 1, 3));
  }
  for (; i < count; i++, values += 16, out += 4)
    for (let lane: usize = 0; lane < 4; lane++) store<f32>(out + lane * stride, load<f32>(values + (lane << 2)));
}
