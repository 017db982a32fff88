// Sine and cosine of two angles at once, for random numbers: the operations of NativeMath (FreeBSD's, musl's) in their order, so the same bits.

// @ts-ignore: decorator
@inline
function plus(a: v128, b: v128): v128 { return f64x2.add(a, b); }
// @ts-ignore: decorator
@inline
function minus(a: v128, b: v128): v128 { return f64x2.sub(a, b); }
// @ts-ignore: decorator
@inline
function times(a: v128, b: v128): v128 { return f64x2.mul(a, b); }
// @ts-ignore: decorator
@inline
function all(x: f64): v128 { return f64x2.splat(x); }

/** The sine of x + y in [-pi/4, pi/4]; where `whole`, y is 0 and left out. */
// @ts-ignore: decorator
@inline
function sine(x: v128, y: v128, whole: v128): v128 {
  let z = times(x, x);
  let w = times(z, z);
  let low = plus(all(8.33333333332248946124e-03), times(z, plus(all(-1.98412698298579493134e-04), times(z, all(2.75573137070700676789e-06)))));
  let r = plus(low, times(times(z, w), plus(all(-2.50507602534068634195e-08), times(z, all(1.58969099521155010221e-10)))));
  let v = times(z, x);
  let first = all(-1.66666666666666324348e-01);
  let plain = plus(x, times(v, plus(first, times(z, r))));
  let more = minus(x, minus(minus(times(z, minus(times(all(0.5), y), times(v, r))), y), times(v, first)));
  return v128.bitselect(plain, more, whole);
}

/** The cosine of x + y in [-pi/4, pi/4]. */
// @ts-ignore: decorator
@inline
function cosine(x: v128, y: v128): v128 {
  let z = times(x, x);
  let w = times(z, z);
  let low = times(z, plus(all(4.16666666666666019037e-02), times(z, plus(all(-1.38888888888741095749e-03), times(z, all(2.48015872894767294178e-05))))));
  let high = plus(all(-2.75573143513906633035e-07), times(z, plus(all(2.08757232129817482790e-09), times(z, all(-1.13596475577881948265e-11)))));
  let r = plus(low, times(times(w, w), high));
  let half = times(all(0.5), z);
  let rest = minus(all(1.0), half);
  return plus(rest, plus(minus(minus(all(1.0), rest), half), minus(times(z, r), times(x, y))));
}

/** Bit `bit` of each lane of 64 bits, as the sign of a number. */
// @ts-ignore: decorator
@inline
function signOfBit(lanes: v128, bit: i32): v128 {
  return v128.and(i64x2.shl(lanes, 63 - bit), i64x2.splat(0x8000000000000000));
}

export let cosines: v128 = f64x2.splat(0);
export let sines: v128 = f64x2.splat(0);

/** Leaves `cosines` and `sines` of two angles in [0, 2 pi). */
export function circle(angles: v128): void {
  // Up to here (the upper word of pi / 4 and below) nothing is taken off.
  let whole = f64x2.lt(angles, all(reinterpret<f64>(0x3FE921FC00000000)));
  let shift = all(4503599627370496.0);
  let rounded = v128.bitselect(shift, plus(times(angles, all(0.63661977236758134308)), shift), whole);
  let quarters = minus(rounded, shift);
  let r = minus(angles, times(quarters, all(1.57079632673412561417)));
  let w = times(quarters, all(6.07710050650619224932e-11));
  let x = minus(r, w);
  // So near to a multiple of pi / 2 that more of its digits are needed.
  if (v128.any_true(f64x2.lt(f64x2.abs(x), times(angles, all(1.0 / 65536.0))))) {
    let a = f64x2.extract_lane(angles, 0), b = f64x2.extract_lane(angles, 1);
    cosines = f64x2.replace_lane(all(NativeMath.cos(a)), 1, NativeMath.cos(b));
    sines = f64x2.replace_lane(all(NativeMath.sin(a)), 1, NativeMath.sin(b));
    return;
  }
  let y = minus(minus(r, x), w);
  let s = sine(x, y, whole), c = cosine(x, y);
  let odd = i64x2.shr_s(signOfBit(rounded, 0), 63);
  sines = v128.xor(v128.bitselect(c, s, odd), signOfBit(rounded, 1));
  cosines = v128.xor(v128.bitselect(s, c, odd), signOfBit(plus(rounded, all(1.0)), 1));
}
