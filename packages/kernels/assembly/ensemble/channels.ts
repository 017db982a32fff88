// Sums over the samples of every channel of [samples][channels][4], and products with the channels' covariance.
import { multiplyAdd } from "./float";

/** Samples whose sum is made in float32 before it is added in float64. */
const BLOCK: i32 = 16;

/** The upper two of four lanes as float64. */
// @ts-ignore: decorator
@inline
function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1));
}

/** sum (f64[4]) += v (f32[4]). */
// @ts-ignore: decorator
@inline
function flush(sum: usize, v: v128): void {
  v128.store(sum, f64x2.add(v128.load(sum), f64x2.promote_low_f32x4(v)));
  v128.store(sum, f64x2.add(v128.load(sum, 16), high(v)), 16);
}

/** Four float64 as float32. */
// @ts-ignore: decorator
@inline
function demote(low: v128, upper: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(upper), 0, 2);
}

/**
 * Fills `sums`, f64 [6][channels][4], with the sums over samples of x and |x|, the mean in two parts (f32 [2][4]), and the sums of (x - mean)^2, (x - mean)^4 and x^2; and `centred`, laid
 * out as `x`, with x - mean, which is exactly 0 where all samples are equal.
 */
export function channelSums(x: usize, samples: i32, channels: i32, sums: usize, centred: usize): void {
  let step = <usize>channels << 4;
  let part = <usize>channels << 5;
  memory.fill(sums, 0, 6 * part);
  // The means begin as the sums of x - x0, x0 being the first sample.
  for (let row = 0; row < samples; row += BLOCK) {
    let rows = <usize>min(BLOCK, samples - row) * step;
    let block = x + <usize>row * step;
    for (let c: usize = 0; c < step; c += 16) {
      let first = v128.load(x + c);
      let sum = f32x4.splat(0), size = sum, shift = sum;
      for (let p = block + c, end = p + rows; p < end; p += step) {
        let v = v128.load(p);
        sum = f32x4.add(sum, v);
        size = f32x4.add(size, f32x4.abs(v));
        shift = f32x4.add(shift, f32x4.sub(v, first));
      }
      let at = sums + (c << 1);
      flush(at, sum);
      flush(at + part, size);
      flush(at + 2 * part, shift);
    }
  }
  let n = f64x2.splat(<f64>samples);
  for (let c: usize = 0; c < step; c += 16) {
    let first = v128.load(x + c);
    let at = sums + (c << 1) + 2 * part;
    let low = f64x2.add(f64x2.promote_low_f32x4(first), f64x2.div(v128.load(at), n));
    let upper = f64x2.add(high(first), f64x2.div(v128.load(at, 16), n));
    let mean = demote(low, upper);
    v128.store(at, mean);
    v128.store(at, demote(f64x2.sub(low, f64x2.promote_low_f32x4(mean)), f64x2.sub(upper, high(mean))), 16);
  }
  for (let row = 0; row < samples; row += BLOCK) {
    let rows = <usize>min(BLOCK, samples - row) * step;
    let block = <usize>row * step;
    for (let c: usize = 0; c < step; c += 16) {
      let mean = sums + (c << 1) + 2 * part;
      let m = v128.load(mean), rest = v128.load(mean, 16);
      let square = f32x4.splat(0), power = square;
      let fourthLow = f64x2.splat(0), fourthHigh = fourthLow;
      for (let p = x + block + c, end = p + rows, to = centred + block + c; p < end; p += step, to += step) {
        let v = v128.load(p);
        let t = f32x4.sub(f32x4.sub(v, m), rest);
        v128.store(to, t);
        let q = f32x4.mul(t, t);
        square = f32x4.add(square, q);
        power = f32x4.add(power, f32x4.mul(v, v));
        let qLow = f64x2.promote_low_f32x4(q), qHigh = high(q);
        fourthLow = f64x2.add(fourthLow, f64x2.mul(qLow, qLow));
        fourthHigh = f64x2.add(fourthHigh, f64x2.mul(qHigh, qHigh));
      }
      let at = mean + part;
      flush(at, square);
      at += part;
      v128.store(at, f64x2.add(v128.load(at), fourthLow));
      v128.store(at, f64x2.add(v128.load(at, 16), fourthHigh), 16);
      flush(at + part, power);
    }
  }
}

/**
 * Where the products of P samples (1 or 2) with v [channels][4] go, in four lanes: every fourth channel has a sum of its own, and the four are added at the end.
 */
// @ts-ignore: decorator
@inline
function along(P: i32, x: usize, step: usize, v: usize, to: usize): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  let y = P > 1 ? x + step : x;
  let c: usize = 0;
  for (let end = step & ~63; c < end; c += 64) {
    let w = v128.load(v + c);
    a0 = multiplyAdd(a0, v128.load(x + c), w);
    if (P > 1) b0 = multiplyAdd(b0, v128.load(y + c), w);
    w = v128.load(v + c, 16);
    a1 = multiplyAdd(a1, v128.load(x + c, 16), w);
    if (P > 1) b1 = multiplyAdd(b1, v128.load(y + c, 16), w);
    w = v128.load(v + c, 32);
    a2 = multiplyAdd(a2, v128.load(x + c, 32), w);
    if (P > 1) b2 = multiplyAdd(b2, v128.load(y + c, 32), w);
    w = v128.load(v + c, 48);
    a3 = multiplyAdd(a3, v128.load(x + c, 48), w);
    if (P > 1) b3 = multiplyAdd(b3, v128.load(y + c, 48), w);
  }
  if (c < step) {
    a0 = multiplyAdd(a0, v128.load(x + c), v128.load(v + c));
    if (P > 1) b0 = multiplyAdd(b0, v128.load(y + c), v128.load(v + c));
    c += 16;
  }
  if (c < step) {
    a1 = multiplyAdd(a1, v128.load(x + c), v128.load(v + c));
    if (P > 1) b1 = multiplyAdd(b1, v128.load(y + c), v128.load(v + c));
    c += 16;
  }
  if (c < step) {
    a2 = multiplyAdd(a2, v128.load(x + c), v128.load(v + c));
    if (P > 1) b2 = multiplyAdd(b2, v128.load(y + c), v128.load(v + c));
  }
  v128.store(to, f32x4.add(f32x4.add(a0, a2), f32x4.add(a1, a3)));
  if (P > 1) v128.store(to, f32x4.add(f32x4.add(b0, b2), f32x4.add(b1, b3)), 16);
}

/** What four samples have along v. */
// @ts-ignore: decorator
@lazy const shares: usize = memory.data(64, 16);

/** out [channels][4] = X^T X v for the centred values X [samples][channels][4] and v [channels][4]; four samples at a time. */
export function covarianceProduct(x: usize, samples: i32, channels: i32, v: usize, out: usize): void {
  let step = <usize>channels << 4;
  memory.fill(out, 0, step);
  let sample = 0;
  for (; sample + 3 < samples; sample += 4, x += step << 2) {
    let x1 = x + step, x2 = x1 + step, x3 = x2 + step;
    along(2, x, step, v, shares);
    along(2, x2, step, v, shares + 32);
    let s0 = v128.load(shares), s1 = v128.load(shares, 16), s2 = v128.load(shares, 32), s3 = v128.load(shares, 48);
    for (let c: usize = 0; c < step; c += 16) {
      let sum = multiplyAdd(v128.load(out + c), s0, v128.load(x + c));
      sum = multiplyAdd(sum, s1, v128.load(x1 + c));
      sum = multiplyAdd(sum, s2, v128.load(x2 + c));
      v128.store(out + c, multiplyAdd(sum, s3, v128.load(x3 + c)));
    }
  }
  for (; sample < samples; sample++, x += step) {
    along(1, x, step, v, shares);
    let s = v128.load(shares);
    for (let c: usize = 0; c < step; c += 16) v128.store(out + c, multiplyAdd(v128.load(out + c), s, v128.load(x + c)));
  }
}
