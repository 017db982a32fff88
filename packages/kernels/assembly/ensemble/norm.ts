// Normalisations: z = (x - mean) / sqrt(variance + epsilon), over columns (batch norm) or whole points (layer and RMS norm), and their tangents.
//
// A group of values is a column of vectors; four columns are worked on at once. In a whole point the columns are every fourth vector and their sums are joined. Sums
// are of differences from the first value, so that a large mean costs no digits, eight at a time in float32 and those in float64.

// The codes of src/ensemble/norm.ts.
const BATCH: i32 = 0;
const RMS: i32 = 2;

/** What is summed at each value: v = x - centre, v^2, or z v with z at another place. */
const PLAIN: i32 = 0;
const SQUARE: i32 = 1;
const PRODUCT: i32 = 2;

/** The sum of each column (f64[4]). */
// @ts-ignore: decorator
@lazy const sums: usize = memory.data(128, 16);
/** For each group: the centre of the values, and of the tangents, in two parts (f32[4] each), the factor 1 / sqrt(variance + epsilon), the mean of z dz (f32[4]). */
// @ts-ignore: decorator
@lazy const centres: usize = memory.data(128, 16);
// @ts-ignore: decorator
@lazy const shifts: usize = memory.data(128, 16);
// @ts-ignore: decorator
@lazy const scales: usize = memory.data(64, 16);
// @ts-ignore: decorator
@lazy const slopes: usize = memory.data(64, 16);

/** A block: `columns` (4 or 1) side by side, of `length` vectors each, `stride` bytes apart; `joined` to one group, with `tail` vectors behind, or each a group. */
let columns: i32 = 1;
let length: i32 = 0;
let stride: usize = 16;
let joined: bool = false;
let tail: i32 = 0;

// @ts-ignore: decorator
@inline
function groups(): i32 {
  return joined ? 1 : columns;
}

/** The values in each group, a lane. */
// @ts-ignore: decorator
@inline
function groupSize(): v128 {
  return f64x2.splat(<f64>(joined ? (length << 2) + tail : length));
}

// @ts-ignore: decorator
@inline
function term(kind: i32, x: usize, z: usize, high: v128, low: v128): v128 {
  let v = f32x4.sub(f32x4.sub(v128.load(x), high), low);
  return kind == SQUARE ? f32x4.mul(v, v) : kind == PRODUCT ? f32x4.mul(v128.load(z), v) : v;
}

/** The upper two of four lanes as float64. */
// @ts-ignore: decorator
@inline
function promoteHigh(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1));
}

/** Four float64 as float32. */
// @ts-ignore: decorator
@inline
function demote(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** sum (f64[4]) += v (f32[4]). */
// @ts-ignore: decorator
@inline
function flush(sum: usize, v: v128): void {
  v128.store(sum, f64x2.add(v128.load(sum), f64x2.promote_low_f32x4(v)));
  v128.store(sum, f64x2.add(v128.load(sum, 16), promoteHigh(v)), 16);
}

/** Adds the terms of C columns of `count` vectors to their sums; from one column's centre to the next are `spread` bytes. */
// @ts-ignore: decorator
@inline
function accumulate(C: i32, kind: i32, x: usize, z: usize, step: usize, count: i32, centre: usize, spread: usize): void {
  let zero = f32x4.splat(0);
  let h0 = v128.load(centre), l0 = v128.load(centre, 16);
  let h1 = v128.load(centre + spread), l1 = v128.load(centre + spread, 16);
  let h2 = v128.load(centre + 2 * spread), l2 = v128.load(centre + 2 * spread, 16);
  let h3 = v128.load(centre + 3 * spread), l3 = v128.load(centre + 3 * spread, 16);
  while (count > 0) {
    let some = min(count, 8);
    let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
    for (let end = x + <usize>some * step; x < end; x += step, z += step) {
      s0 = f32x4.add(s0, term(kind, x, z, h0, l0));
      if (C > 1) {
        s1 = f32x4.add(s1, term(kind, x + 16, z + 16, h1, l1));
        s2 = f32x4.add(s2, term(kind, x + 32, z + 32, h2, l2));
        s3 = f32x4.add(s3, term(kind, x + 48, z + 48, h3, l3));
      }
    }
    flush(sums, s0);
    if (C > 1) {
      flush(sums + 32, s1);
      flush(sums + 64, s2);
      flush(sums + 96, s3);
    }
    count -= some;
  }
}

/** Fills the groups' sums with the terms at `x`. */
// @ts-ignore: decorator
@inline
function total(kind: i32, x: usize, z: usize, centre: usize): void {
  for (let k: usize = 0; k < 128; k += 16) v128.store(sums + k, f64x2.splat(0));
  if (joined) {
    let rest = <usize>length << 6;
    accumulate(4, kind, x, z, 64, length, centre, 0);
    accumulate(1, kind, x + rest, z + rest, 16, tail, centre, 0);
    for (let half: usize = 0; half < 32; half += 16) {
      let s = sums + half;
      v128.store(s, f64x2.add(f64x2.add(v128.load(s), v128.load(s, 32)), f64x2.add(v128.load(s, 64), v128.load(s, 96))));
    }
  } else if (columns == 4) accumulate(4, kind, x, z, stride, length, centre, 32);
  else accumulate(1, kind, x, z, stride, length, centre, 0);
}

/** Sets the centre of each group to its mean at `x`, or to 0. */
function findMeans(x: usize, centred: bool, centre: usize): void {
  for (let g = 0; g < groups(); g++) {
    v128.store(centre + (g << 5), centred ? v128.load(x + (g << 4)) : f32x4.splat(0));
    v128.store(centre + (g << 5), f32x4.splat(0), 16);
  }
  if (!centred) return;
  total(PLAIN, x, x, centre);
  let n = groupSize();
  for (let g = 0; g < groups(); g++) {
    let pivot = v128.load(centre + (g << 5));
    let low = f64x2.add(f64x2.promote_low_f32x4(pivot), f64x2.div(v128.load(sums + (g << 5)), n));
    let high = f64x2.add(promoteHigh(pivot), f64x2.div(v128.load(sums + (g << 5), 16), n));
    let mean = demote(low, high);
    v128.store(centre + (g << 5), mean);
    v128.store(centre + (g << 5), demote(f64x2.sub(low, f64x2.promote_low_f32x4(mean)), f64x2.sub(high, promoteHigh(mean))), 16);
  }
}

/** Sets the scale of each group to 1 / sqrt(variance + epsilon), or 0 where that is infinite. */
function findScales(x: usize, epsilon: f64): void {
  total(SQUARE, x, x, centres);
  let n = groupSize();
  for (let g = 0; g < groups(); g++) {
    let low = inverseRoot(f64x2.div(v128.load(sums + (g << 5)), n), epsilon);
    let high = inverseRoot(f64x2.div(v128.load(sums + (g << 5), 16), n), epsilon);
    v128.store(scales + (g << 4), demote(low, high));
  }
}

// @ts-ignore: decorator
@inline
function inverseRoot(variance: v128, epsilon: f64): v128 {
  let sum = f64x2.add(variance, f64x2.splat(epsilon));
  return v128.and(f64x2.div(f64x2.splat(1.0), f64x2.sqrt(sum)), f64x2.ne(sum, f64x2.splat(0)));
}

/** Sets the slope of each group to the mean of z (dx - shift), or to 0. */
function findSlopes(dx: usize, z: usize, full: bool): void {
  for (let k: usize = 0; k < 64; k += 16) v128.store(slopes + k, f32x4.splat(0));
  if (!full) return;
  total(PRODUCT, dx, z, shifts);
  let n = groupSize();
  for (let g = 0; g < groups(); g++)
    v128.store(slopes + (g << 4), demote(f64x2.div(v128.load(sums + (g << 5)), n), f64x2.div(v128.load(sums + (g << 5), 16), n)));
}

/** out = (x - centre) scale, in C columns of `count` vectors. */
// @ts-ignore: decorator
@inline
function applyColumns(C: i32, x: usize, out: usize, step: usize, count: i32): void {
  let h0 = v128.load(centres), l0 = v128.load(centres, 16), f0 = v128.load(scales);
  let h1 = h0, l1 = l0, f1 = f0, h2 = h0, l2 = l0, f2 = f0, h3 = h0, l3 = l0, f3 = f0;
  if (C > 1) {
    h1 = v128.load(centres, 32);
    l1 = v128.load(centres, 48);
    f1 = v128.load(scales, 16);
    h2 = v128.load(centres, 64);
    l2 = v128.load(centres, 80);
    f2 = v128.load(scales, 32);
    h3 = v128.load(centres, 96);
    l3 = v128.load(centres, 112);
    f3 = v128.load(scales, 48);
  }
  for (let end = x + <usize>count * step; x < end; x += step, out += step) {
    v128.store(out, f32x4.mul(term(PLAIN, x, x, h0, l0), f0));
    if (C > 1) {
      v128.store(out, f32x4.mul(term(PLAIN, x + 16, x, h1, l1), f1), 16);
      v128.store(out, f32x4.mul(term(PLAIN, x + 32, x, h2, l2), f2), 32);
      v128.store(out, f32x4.mul(term(PLAIN, x + 48, x, h3, l3), f3), 48);
    }
  }
}

/** out = (dx - shift - z slope) scale, in C columns of `count` vectors. */
// @ts-ignore: decorator
@inline
function applyTangents(C: i32, dx: usize, z: usize, out: usize, step: usize, count: i32): void {
  for (let end = dx + <usize>count * step; dx < end; dx += step, z += step, out += step)
    for (let c: usize = 0; c < <usize>C << 4; c += 16) {
      let shifted = term(PLAIN, dx + c, dx, v128.load(shifts + 2 * c), v128.load(shifts + 2 * c, 16));
      let along = f32x4.mul(v128.load(z + c), v128.load(slopes + c));
      v128.store(out + c, f32x4.mul(f32x4.sub(shifted, along), v128.load(scales + c)));
    }
}

/** Normalises the block at `x`; if `dx` is not 0, its tangents too, from there to `dz`. */
function normalise(x: usize, out: usize, centred: bool, epsilon: f64, dx: usize, dz: usize, frozen: bool): void {
  findMeans(x, centred, centres);
  findScales(x, epsilon);
  if (joined) applyColumns(1, x, out, 16, (length << 2) + tail);
  else if (columns == 4) applyColumns(4, x, out, stride, length);
  else applyColumns(1, x, out, stride, length);
  if (!dx) return;
  findMeans(dx, centred && !frozen, shifts);
  findSlopes(dx, out, !frozen);
  if (joined) applyTangents(1, dx, out, dz, 16, (length << 2) + tail);
  else if (columns == 4) applyTangents(4, dx, out, dz, stride, length);
  else applyTangents(1, dx, out, dz, stride, length);
}

/** Batch norm of [rows][channels][4], channel by channel. */
function batch(x: usize, rows: i32, channels: i32, epsilon: f64, out: usize, dx: usize, dz: usize, frozen: bool): void {
  joined = false;
  length = rows;
  stride = <usize>channels << 4;
  for (let c = 0; c < channels; c += columns) {
    columns = channels - c < 4 ? 1 : 4;
    let offset = <usize>c << 4;
    normalise(x + offset, out + offset, true, epsilon, dx ? dx + offset : 0, dz + offset, frozen);
  }
}

/** Layer norm (`centred`) or RMS norm of [points][units][4], point by point. */
function pointwise(x: usize, points: i32, units: i32, centred: bool, epsilon: f64, out: usize, dx: usize, dz: usize): void {
  joined = true;
  columns = 4;
  length = units >> 2;
  tail = units & 3;
  stride = 64;
  let row = <usize>units << 4;
  for (let p = 0; p < points; p++) {
    let offset = <usize>p * row;
    normalise(x + offset, out + offset, centred, epsilon, dx ? dx + offset : 0, dz + offset, false);
  }
}

/** out = norm(x) for [points][positions][channels][4]; `out` may be `x`. */
export function norm(x: usize, code: i32, points: i32, positions: i32, channels: i32, epsilon: f64, out: usize): void {
  if (code == BATCH) batch(x, points * positions, channels, epsilon, out, 0, 0, true);
  else pointwise(x, points, positions * channels, code != RMS, epsilon, out, 0, 0);
}

/** The same with as many tangents behind the values, in `x` and in `out`; `frozen` concerns batch norm. */
export function normTangent(x: usize, code: i32, points: i32, positions: i32, channels: i32, epsilon: f64, frozen: bool, out: usize): void {
  let bytes = <usize>(points * positions) * <usize>channels << 4;
  if (code == BATCH) batch(x, points * positions, channels, epsilon, out, x + bytes, out + bytes, frozen);
  else pointwise(x, points, positions * channels, code != RMS, epsilon, out, x + bytes, out + bytes);
}

/**
 * dx from dz, both [points][positions][channels][4]: as a matrix the derivative is symmetric, so a gradient goes the way of a full tangent. `z` gets norm(x) again;
 * `dx` may be `dz`.
 */
export function normGradient(x: usize, code: i32, points: i32, positions: i32, channels: i32, epsilon: f64, z: usize, dz: usize, dx: usize): void {
  if (code == BATCH) batch(x, points * positions, channels, epsilon, z, dz, dx, false);
  else pointwise(x, points, positions * channels, code != RMS, epsilon, z, dz, dx);
}
