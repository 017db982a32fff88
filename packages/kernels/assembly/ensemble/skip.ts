// What residual and concat blocks need: values of two exponents brought to one.

// @ts-ignore: decorator
@lazy const factors: usize = memory.data(64, 16);

/** Whether all of [count][4] is zero, a lane. */
// @ts-ignore: decorator
@inline
function isZero(values: usize, count: i32): v128 {
  let bits = i32x4.splat(0);
  for (let end = values + (<usize>count << 4); values < end; values += 16) bits = v128.or(bits, v128.load(values));
  return i32x4.eq(i32x4.shl(bits, 1), i32x4.splat(0));
}

/**
 * Leaves the common exponents (the larger; that of the other where one is all zero) in aExponents and, in `factors`, the powers of two that bring a and b to
 * them, each as a product of two. Returns false if nothing has to be scaled.
 */
function align(a: usize, aCount: i32, b: usize, bCount: i32, aExponents: usize, bExponents: usize): bool {
  if (!aExponents) return false;
  let ea = v128.load(aExponents), eb = v128.load(bExponents);
  if (!v128.any_true(v128.xor(ea, eb))) return false;
  let common = v128.bitselect(eb, v128.bitselect(ea, i32x4.max_s(ea, eb), isZero(b, bCount)), isZero(a, aCount));
  v128.store(aExponents, common);
  storeFactors(i32x4.sub(ea, common), factors);
  storeFactors(i32x4.sub(eb, common), factors + 32);
  return true;
}

/** 2^e for e from -126 to 127, 0 for -127. */
// @ts-ignore: decorator
@inline
function power2(e: v128): v128 {
  return i32x4.shl(i32x4.add(e, i32x4.splat(127)), 23);
}

/** 2^e as a product of two; 1 for e > 0 (then the values are zero), 0 for e < -252. */
// @ts-ignore: decorator
@inline
function storeFactors(e: v128, out: usize): void {
  e = i32x4.max_s(i32x4.min_s(e, i32x4.splat(0)), i32x4.splat(-254));
  let half = i32x4.shr_s(e, 1);
  v128.store(out, power2(half));
  v128.store(out, power2(i32x4.sub(e, half)), 16);
}

// @ts-ignore: decorator
@inline
function scaled(value: v128, first: v128, second: v128): v128 {
  return f32x4.mul(f32x4.mul(value, first), second);
}

/** a += b, both [count][4], the truth being values * 2^exponent (i32[4] each, or 0 for none); the result's exponents are left in aExponents. */
export function add(a: usize, b: usize, count: i32, aExponents: usize, bExponents: usize): void {
  let end = a + (<usize>count << 4);
  if (!align(a, count, b, count, aExponents, bExponents)) {
    for (; a < end; a += 16, b += 16) v128.store(a, f32x4.add(v128.load(a), v128.load(b)));
    return;
  }
  let a1 = v128.load(factors), a2 = v128.load(factors, 16), b1 = v128.load(factors, 32), b2 = v128.load(factors, 48);
  for (; a < end; a += 16, b += 16) v128.store(a, f32x4.add(scaled(v128.load(a), a1, a2), scaled(v128.load(b), b1, b2)));
}

/** values = scale values + shift, [count][4]. */
export function affine(values: usize, count: i32, scale: f32, shift: f32): void {
  let by = f32x4.splat(scale), plus = f32x4.splat(shift);
  for (let end = values + (<usize>count << 4); values < end; values += 16)
    v128.store(values, f32x4.add(f32x4.mul(v128.load(values), by), plus));
}

/** out [places][p + q][4] = a [places][p][4] beside b [places][q][4], with exponents as in `add`. */
export function concat(a: usize, p: i32, b: usize, q: i32, places: i32, out: usize, aExponents: usize, bExponents: usize): void {
  let scales = align(a, places * p, b, places * q, aExponents, bExponents);
  let aRow = <usize>p << 4, bRow = <usize>q << 4;
  for (let i = 0; i < places; i++) {
    copy(a, aRow, out, scales, factors);
    copy(b, bRow, out + aRow, scales, factors + 32);
    a += aRow;
    b += bRow;
    out += aRow + bRow;
  }
}

// @ts-ignore: decorator
@inline
function copy(from: usize, bytes: usize, to: usize, scales: bool, by: usize): void {
  if (!scales) {
    memory.copy(to, from, bytes);
    return;
  }
  let first = v128.load(by), second = v128.load(by, 16);
  for (let end = from + bytes; from < end; from += 16, to += 16) v128.store(to, scaled(v128.load(from), first, second));
}
