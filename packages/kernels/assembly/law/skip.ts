// What residual and concat blocks need: values of two exponents brought to one.
import { timesPowers } from "./rescale";

// @ts-ignore: decorator
@lazy const shiftA: usize = memory.data(16, 16);
// @ts-ignore: decorator
@lazy const shiftB: usize = memory.data(16, 16);

/** Whether all of [count][4] is zero, a lane (i32x4). */
function isZero(values: usize, count: i32): v128 {
  let any01 = i64x2.splat(0), any23 = any01;
  for (let end = values + (<usize>count << 5); values < end; values += 32) {
    any01 = v128.or(any01, v128.load(values));
    any23 = v128.or(any23, v128.load(values, 16));
  }
  // Without the sign: -0 is zero.
  let zero01 = i64x2.eq(i64x2.shl(any01, 1), i64x2.splat(0));
  let zero23 = i64x2.eq(i64x2.shl(any23, 1), i64x2.splat(0));
  return v128.shuffle<i32>(zero01, zero23, 0, 2, 4, 6);
}

/**
 * Leaves the common exponents (the larger; that of the other where one is all zero) in aExponents, and in shiftA and shiftB what brings a and b to them.
 * Returns false if nothing has to be scaled.
 */
function align(a: usize, aCount: i32, b: usize, bCount: i32, aExponents: usize, bExponents: usize): bool {
  if (!aExponents) return false;
  let ea = v128.load(aExponents), eb = v128.load(bExponents);
  if (!v128.any_true(v128.xor(ea, eb))) return false;
  let common = v128.bitselect(eb, v128.bitselect(ea, i32x4.max_s(ea, eb), isZero(b, bCount)), isZero(a, aCount));
  v128.store(aExponents, common);
  v128.store(shiftA, downward(i32x4.sub(ea, common)));
  v128.store(shiftB, downward(i32x4.sub(eb, common)));
  return true;
}

/** What is shifted upward is zero, and what is shifted below 2^-2044 becomes zero. */
// @ts-ignore: decorator
@inline
function downward(shift: v128): v128 {
  return i32x4.max_s(i32x4.min_s(shift, i32x4.splat(0)), i32x4.splat(-2044));
}

/** a += b, both [count][4], the truth being values * 2^exponent (i32[4] each, or 0 for none); the result's exponents are left in aExponents. b may be changed. */
export function add(a: usize, b: usize, count: i32, aExponents: usize, bExponents: usize): void {
  if (align(a, count, b, count, aExponents, bExponents)) {
    timesPowers(a, count, shiftA);
    timesPowers(b, count, shiftB);
  }
  for (let end = a + (<usize>count << 5); a < end; a += 16, b += 16) v128.store(a, f64x2.add(v128.load(a), v128.load(b)));
}

/** values = scale values + shift, [count][4]. */
export function affine(values: usize, count: i32, scale: f64, shift: f64): void {
  let by = f64x2.splat(scale), plus = f64x2.splat(shift);
  for (let end = values + (<usize>count << 5); values < end; values += 16)
    v128.store(values, f64x2.add(f64x2.mul(v128.load(values), by), plus));
}

/** out [places][p + q][4] = a [places][p][4] beside b [places][q][4], with exponents as in `add`. */
export function concat(a: usize, p: i32, b: usize, q: i32, places: i32, out: usize, aExponents: usize, bExponents: usize): void {
  let scales = align(a, places * p, b, places * q, aExponents, bExponents);
  let aRow = <usize>p << 5, bRow = <usize>q << 5;
  for (let i = 0; i < places; i++) {
    memory.copy(out, a, aRow);
    memory.copy(out + aRow, b, bRow);
    if (scales) {
      timesPowers(out, p, shiftA);
      timesPowers(out + aRow, q, shiftB);
    }
    a += aRow;
    b += bRow;
    out += aRow + bRow;
  }
}
