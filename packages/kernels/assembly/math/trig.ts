import { TWO_OVER_PI } from "./polynomials";

/** Below it NativeMath reduces the argument accurately; above, it keeps too few digits near the multiples of pi / 2. */
const LARGE: f64 = 1647099.0;

/** pi / 2 as a 64-bit fraction of 2. */
const HALF_PI_BITS: u64 = 0xC90FDAA22168C235;

/** Argument reduced by `reduce`: y0 + y1, accurate to 2^-60 relative. */
let y0: f64 = 0;
let y1: f64 = 0;

/** The upper 64 bits of a 128-bit product. */
function mulHigh(a: u64, b: u64): u64 {
  let a0 = a & 0xFFFFFFFF, a1 = a >> 32;
  let b0 = b & 0xFFFFFFFF, b1 = b >> 32;
  let middle = a1 * b0 + ((a0 * b0) >> 32);
  let other = a0 * b1 + (middle & 0xFFFFFFFF);
  return a1 * b1 + (middle >> 32) + (other >> 32);
}

/**
 * Payne and Hanek's reduction of a large |x|: sets y0 + y1 in [-pi/4, pi/4] and returns the quadrant modulo 4. |x| = m 2^e with m a whole number, so
 * of 2^e 2/pi only the bits of weight 2 and below matter; 192 of them leave 2^-75 relative even for the x nearest to a multiple of pi / 2.
 */
function reduce(x: f64): i32 {
  let bits = reinterpret<u64>(x) & 0x7FFFFFFFFFFFFFFF;
  let m = (bits & 0xFFFFFFFFFFFFF) | 0x10000000000000;
  let e = <i32>(bits >> 52) - 1075;
  // Bit 64 + b of the table has weight 2^-(b + 1) in 2/pi: start where 2^e 2/pi has weight 2.
  let start = 64 + e - 2;
  let word = TWO_OVER_PI + ((start >> 6) << 3);
  let shift = <u64>(start & 63);
  let w2 = load<u64>(word), w1 = load<u64>(word, 8), w0 = load<u64>(word, 16);
  if (shift) {
    w2 = w2 << shift | w1 >> (64 - shift);
    w1 = w1 << shift | w0 >> (64 - shift);
    w0 = w0 << shift | load<u64>(word, 24) >> (64 - shift);
  }
  // p = m w modulo 2^192: two bits of quadrant, then the fraction.
  let p0 = m * w0;
  let h0 = mulHigh(m, w0);
  let p1 = m * w1 + h0;
  let carry = <u64>(p1 < h0);
  let p2 = m * w2 + mulHigh(m, w1) + carry;
  let quadrant = <i32>(p2 >> 62);
  p2 = p2 << 2 | p1 >> 62;
  p1 = p1 << 2 | p0 >> 62;
  p0 <<= 2;
  let negative = p2 >> 63;
  if (negative) {
    quadrant++;
    p0 = ~p0;
    p1 = ~p1;
    p2 = ~p2;
  }
  let exponent = -64;
  if (p2 == 0) {
    p2 = p1;
    p1 = p0;
    exponent -= 64;
  }
  let zeros = clz(p2);
  if (zeros) p2 = p2 << zeros | p1 >> (64 - zeros);
  exponent -= <i32>zeros;
  let product = mulHigh(p2, HALF_PI_BITS);
  let scale = reinterpret<f64>(<u64>(1023 + exponent + 1) << 52);
  let head = <f64>product;
  y0 = head * scale;
  y1 = <f64>(<i64>(product - <u64>head)) * scale;
  if (negative) {
    y0 = -y0;
    y1 = -y1;
  }
  if (x < 0) {
    y0 = -y0;
    y1 = -y1;
    quadrant = -quadrant;
  }
  return quadrant & 3;
}

// @ts-ignore: decorator
@inline
function sinReduced(): f64 {
  return NativeMath.sin(y0) + y1 * NativeMath.cos(y0);
}

// @ts-ignore: decorator
@inline
function cosReduced(): f64 {
  return NativeMath.cos(y0) - y1 * NativeMath.sin(y0);
}

export function sin(x: f64): f64 {
  if (!(abs(x) >= LARGE && abs(x) < Infinity)) return NativeMath.sin(x);
  let quadrant = reduce(x);
  let s = quadrant & 1 ? cosReduced() : sinReduced();
  return quadrant & 2 ? -s : s;
}

export function cos(x: f64): f64 {
  if (!(abs(x) >= LARGE && abs(x) < Infinity)) return NativeMath.cos(x);
  let quadrant = reduce(x);
  let c = quadrant & 1 ? sinReduced() : cosReduced();
  return quadrant == 1 || quadrant == 2 ? -c : c;
}

export function tan(x: f64): f64 {
  if (!(abs(x) >= LARGE && abs(x) < Infinity)) return NativeMath.tan(x);
  let quadrant = reduce(x);
  let t = NativeMath.tan(y0);
  let change = y1 * (1.0 + t * t);
  if (!(quadrant & 1)) return t + change;
  // -1 / (t + change), with the residual of the division put back: two roundings here would cost more than 2 ulp.
  let c = -1.0 / t;
  return c + (change / t - residual(c, t)) / t;
}

/** 1 + c t for c t near -1, exactly (Dekker's product). */
function residual(c: f64, t: f64): f64 {
  let p = c * 134217729.0;
  let c1 = p - (p - c);
  let c0 = c - c1;
  p = t * 134217729.0;
  let t1 = p - (p - t);
  let t0 = t - t1;
  p = c * t;
  return (1.0 + p) + (((c1 * t1 - p) + (c1 * t0 + c0 * t1)) + c0 * t0);
}
