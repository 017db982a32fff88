/** All ones in the lanes where some of these bits, signs aside, are not zero: the zeros of float32 are what has no other bit. */
// @ts-ignore: decorator
@inline
function notZero(bits: v128): v128 {
  return i32x4.ne(v128.and(bits, i32x4.splat(0x7FFFFFFF)), i32x4.splat(0));
}

/** All ones in the lanes where a unit of the point at `value` is not zero. */
// @ts-ignore: decorator
@inline
function nonZero(value: usize, end: usize): v128 {
  let bits = i32x4.splat(0);
  // Mostly the first units decide all four lanes.
  for (; value + 128 <= end; value += 128) {
    let a = v128.or(v128.or(v128.load(value), v128.load(value, 16)), v128.or(v128.load(value, 32), v128.load(value, 48)));
    let b = v128.or(v128.or(v128.load(value, 64), v128.load(value, 80)), v128.or(v128.load(value, 96), v128.load(value, 112)));
    bits = v128.or(bits, v128.or(a, b));
    if (value + 128 < end && i32x4.all_true(v128.and(bits, i32x4.splat(0x7FFFFFFF)))) return notZero(bits);
  }
  for (; value < end; value += 16) bits = v128.or(bits, v128.load(value));
  return notZero(bits);
}

/** The same for units of float64. */
// @ts-ignore: decorator
@inline
function nonZeroWide(value: usize, end: usize): v128 {
  let zero = f64x2.splat(0);
  let any = i32x4.splat(0);
  for (; value < end && i32x4.bitmask(any) != 15; value += 32) {
    let low = f64x2.ne(v128.load(value), zero), high = f64x2.ne(v128.load(value, 16), zero);
    any = v128.or(any, v128.shuffle<i32>(low, high, 0, 2, 4, 6));
  }
  return any;
}

/** The largest magnitudes (bits of float32, a lane) that `livingAndLargest` found. */
export let largest: v128 = i32x4(0, 0, 0, 0);

/** The largest magnitudes of the point at `value`, as bits. */
// @ts-ignore: decorator
@inline
function magnitude(value: usize, end: usize): v128 {
  let bits = i32x4.splat(0x7FFFFFFF);
  let a = i32x4.splat(0), b = a;
  for (; value + 32 <= end; value += 32) {
    a = i32x4.max_u(a, v128.and(v128.load(value), bits));
    b = i32x4.max_u(b, v128.and(v128.load(value, 16), bits));
  }
  if (value < end) a = i32x4.max_u(a, v128.and(v128.load(value), bits));
  return i32x4.max_u(a, b);
}

/**
 * through[point][lane] (bytes) &= whether a unit of [points][units][4] is not zero; ratios (f64[4]) = the sum of `shares` (f64[points]) of the points alive
 * through, or without shares (0) their count over `points`; flags (i32[4]): bit 0 any point alive here, bit 1 any alive through.
 */
export function living(values: usize, points: i32, units: i32, through: usize, shares: usize, ratios: usize, flags: usize): void {
  carry<f32>(values, points, units, through, shares, ratios, flags, false);
}

/** The same, and looks for the `largest` magnitudes on the way. */
export function livingAndLargest(values: usize, points: i32, units: i32, through: usize, shares: usize, ratios: usize, flags: usize): void {
  carry<f32>(values, points, units, through, shares, ratios, flags, true);
}

/** `living` for values of type T, f32 or f64. */
export function livingOf<T>(values: usize, points: i32, units: i32, through: usize, shares: usize, ratios: usize, flags: usize): void {
  carry<T>(values, points, units, through, shares, ratios, flags, false);
}

// @ts-ignore: decorator
@inline
function carry<T>(values: usize, points: i32, units: i32, through: usize, shares: usize, ratios: usize, flags: usize, measures: bool): void {
  let row: usize = (<usize>units << 2) * sizeof<T>();
  let anyHere = i32x4.splat(0);
  let count = i32x4.splat(0);
  let top = i32x4.splat(0);
  let low = f64x2.splat(0), high = f64x2.splat(0);
  for (let p = 0; p < points; p++, values += row, through += 4) {
    let here: v128;
    if (measures) {
      let size = magnitude(values, values + row);
      top = i32x4.max_u(top, size);
      here = i32x4.ne(size, i32x4.splat(0));
    } else here = sizeof<T>() == 8 ? nonZeroWide(values, values + row) : nonZero(values, values + row);
    anyHere = v128.or(anyHere, here);
    let before = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(through)));
    let both = v128.and(before, here);
    let packed = i8x16.swizzle(both, i8x16(0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1));
    store<i32>(through, i32x4.extract_lane(packed, 0));
    count = i32x4.add(count, both);
    if (shares) {
      let share = v128.load64_splat(shares);
      low = f64x2.add(low, f64x2.mul(share, f64x2.convert_low_i32x4_u(both)));
      high = f64x2.add(high, f64x2.mul(share, f64x2.convert_low_i32x4_u(v128.shuffle<i64>(both, both, 1, 1))));
      shares += 8;
    }
  }
  if (!shares) {
    let all = f64x2.splat(<f64>points);
    low = f64x2.div(f64x2.convert_low_i32x4_u(count), all);
    high = f64x2.div(f64x2.convert_low_i32x4_u(v128.shuffle<i64>(count, count, 1, 1)), all);
  }
  if (measures) largest = top;
  v128.store(ratios, low);
  v128.store(ratios, high, 16);
  let anyThrough = i32x4.ne(count, i32x4.splat(0));
  v128.store(flags, v128.or(v128.and(anyHere, i32x4.splat(1)), v128.and(anyThrough, i32x4.splat(2))));
}
