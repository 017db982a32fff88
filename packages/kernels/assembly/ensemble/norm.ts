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

/** For each of four columns: a sum (f64[4]). */
// @ts-ignore: decorator
@lazy const sums: usize = memory.data(128, 16);
/** The centre of the values, and of the tangents, in two parts (f32[4] each), and the factor 1 / sqrt(variance + epsilon) or the mean of z dz (f32[4]). */
// @ts-ignore: decorator
@lazy const centres: usize = memory.data(128, 16);
// @ts-ignore: decorator
@lazy const shifts: usize = memory.data(128, 16);
// @ts-ignore: decorator
@lazy const scales: usize = memory.data(64, 16);
// @ts-ignore: decorator
@lazy const slopes: usize = memory.data(64, 16);

/** The columns of a block: `columns` (4 or 1) of them side by side, `length` vectors each, `stride` bytes apart; with `joined` a whole point, `tail` vectors behind. */
let columns: i32 = 1;
let length: i32 = 0;
let stride: usize = 16;
let joined: bool = false;
let tail: i32 = 0;

// @ts-ignore: decorator
@inline
function term(kind: i32, x: usize, z: usize, high: v128, low: v128): v128 {
  let v = f32x4.sub(f32x4.sub(v128.load(x), high), low);
  return kind == SQUARE ? f32x4.mul(v, v) : kind == PRODUCT ? f32x4.mul(v128.load(z), v) : v;
}

/** sum (f64[4]) += v (f32[4]). */
// @ts-ignore: decorator
@inline
function flush(sum: usize, v: v128): void {
  v128.store(sum, f64x2.add(v128.load(sum), f64x2.promote_low_f32x4(v)));
  v128.store(sum, f64x2.add(v128.load(sum, 16), f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1))), 16);
}

/** Adds the terms of C columns of `count` vectors to their sums. */
// @ts-ignore: decorator
@inline
function accumulate(C: i32, kind: i32, x: usize, z: usize, step: usize, count: i32, centre: usize): void {
  let zero = f32x4.splat(0);
  let h0 = v128.load(centre), l0 = v128.load(centre, 16);
  let h1 = zero, l1 = zero, h2 = zero, l2 = zero, h3 = zero, l3 = zero;
  if (C > 1) {
    h1 = v128.load(centre, 32);
    l1 = v128.load(centre, 48);
    h2 = v128.load(centre, 64);
    l2 = v128.load(centre, 80);
    h3 = v128.load(centre, 96);
    l3 = v128.load(centre, 112);
  }
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

/** Fills `sums` with the sums of the block's terms at `x`, in every column of a joined block the same. */
function total(kind: i32, x: usize, z: usize, centre: usize): void {
  memory.fill(sums, 0, 128);
  if (columns == 4) {
    if (kind == PLAIN) accumulate(4, PLAIN, x, z, stride, length, centre);
    else if (kind == SQUARE) accumulate(4, SQUARE, x, z, stride, length, centre);
    else accumulate(4, PRODUCT, x, z, stride, length, centre);
  } else if (kind == PLAIN) accumulate(1, PLAIN, x, z, stride, length, centre);
  else if (kind == SQUARE) accumulate(1, SQUARE, x, z, stride, length, centre);
  else accumulate(1, PRODUCT, x, z, stride, length, centre);
  if (!joined) return;
  let rest = <usize>length * stride;
  if (kind == PLAIN) accumulate(1, PLAIN, x + rest, z + rest, 16, tail, centre);
  else if (kind == SQUARE) accumulate(1, SQUARE, x + rest, z + rest, 16, tail, centre);
  else accumulate(1, PRODUCT, x + rest, z + rest, 16, tail, centre);
  for (let half: usize = 0; half < 32; half += 16) {
    let s = sums + half;
    let sum = f64x2.add(f64x2.add(v128.load(s), v128.load(s, 32)), f64x2.add(v128.load(s, 64), v128.load(s, 96)));
    for (let c: usize = 0; c < 128; c += 32) v128.store(s + c, sum);
  }
}

/** The values in each group of the block. */
// @ts-ignore: decorator
@inline
function groupSize(): f64 {
  return joined ? <f64>length * 4.0 + <f64>tail : <f64>length;
}

/** Sets the centre of each column to its mean at `x`, or to 0. */
function findMeans(x: usize, centred: bool, centre: usize): void {
  memory.fill(centre, 0, 128);
  if (!centred) return;
  for (let c = 0; c < columns; c++) v128.store(centre + (c << 5), v128.load(joined ? x : x + (c << 4)));
  total(PLAIN, x, x, centre);
  let n = groupSize();
  for (let k: usize = 0; k < <usize>columns << 2; k++) {
    let part = centre + ((k >> 2) << 5) + ((k & 3) << 2);
    let mean = <f64>load<f32>(part) + load<f64>(sums + (k << 3)) / n;
    let high = <f32>mean;
    store<f32>(part, high);
    store<f32>(part, <f32>(mean - <f64>high), 16);
  }
}

/** Sets the scale of each column to 1 / sqrt(variance + epsilon), or 0 where that is no number. */
function findScales(x: usize, epsilon: f64): void {
  total(SQUARE, x, x, centres);
  let n = groupSize();
  for (let k: usize = 0; k < <usize>columns << 2; k++) {
    let variance = load<f64>(sums + (k << 3)) / n + epsilon;
    store<f32>(scales + (k << 2), variance == 0 ? 0 : <f32>(1.0 / sqrt(variance)));
  }
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

/** out = (dx - shift - z slope) scale in one column. */
// @ts-ignore: decorator
@inline
function applyTangents(c: usize, dx: usize, z: usize, out: usize, step: usize, count: i32): void {
  let high = v128.load(shifts + 2 * c), low = v128.load(shifts + 2 * c, 16);
  let slope = v128.load(slopes + c), scale = v128.load(scales + c);
  for (let end = dx + <usize>count * step; dx < end; dx += step, z += step, out += step)
    v128.store(out, f32x4.mul(f32x4.sub(term(PLAIN, dx, dx, high, low), f32x4.mul(v128.load(z), slope)), scale));
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
  memory.fill(slopes, 0, 64);
  if (!frozen) {
    total(PRODUCT, dx, out, shifts);
    let n = groupSize();
    for (let k: usize = 0; k < <usize>columns << 2; k++) store<f32>(slopes + (k << 2), <f32>(load<f64>(sums + (k << 3)) / n));
  }
  if (joined) applyTangents(0, dx, out, dz, 16, (length << 2) + tail);
  else for (let c: usize = 0; c < <usize>columns << 4; c += 16) applyTangents(c, dx + c, out + c, dz + c, stride, length);
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
