// Normalisation without scale and shift, with the meaning and the sums of @sonde/nets.

// The codes of src/ensemble/norm.ts.
const BATCH: i32 = 0;
const RMS: i32 = 2;

/** The statistics of the last group: means, and 1 / sqrt(variance + epsilon) or 0. */
let mean01: v128 = f64x2(0, 0);
let mean23: v128 = f64x2(0, 0);
let scale01: v128 = f64x2(0, 0);
let scale23: v128 = f64x2(0, 0);

// @ts-ignore: decorator
@inline
function inverseRoot(x: v128): v128 {
  return v128.and(f64x2.div(f64x2.splat(1), f64x2.sqrt(x)), f64x2.gt(x, f64x2.splat(0)));
}

/** The statistics of the `length` values from x on that are `step` bytes apart. */
function measure(x: usize, step: usize, length: i32, centred: bool, epsilon: f64): void {
  let zero = f64x2.splat(0), count = f64x2.splat(<f64>length);
  let end = x + length * step;
  mean01 = zero;
  mean23 = zero;
  if (centred) {
    let sum01 = zero, sum23 = zero;
    for (let at = x; at < end; at += step) {
      sum01 = f64x2.add(sum01, v128.load(at));
      sum23 = f64x2.add(sum23, v128.load(at, 16));
    }
    mean01 = f64x2.div(sum01, count);
    mean23 = f64x2.div(sum23, count);
  }
  let m01 = mean01, m23 = mean23, squares01 = zero, squares23 = zero;
  for (; x < end; x += step) {
    let a = f64x2.sub(v128.load(x), m01), b = f64x2.sub(v128.load(x, 16), m23);
    squares01 = f64x2.add(squares01, f64x2.mul(a, a));
    squares23 = f64x2.add(squares23, f64x2.mul(b, b));
  }
  scale01 = inverseRoot(f64x2.add(f64x2.div(squares01, count), f64x2.splat(epsilon)));
  scale23 = inverseRoot(f64x2.add(f64x2.div(squares23, count), f64x2.splat(epsilon)));
}

/** z = (x - mean) scale for the group that was measured. */
function standardise(x: usize, step: usize, length: i32, out: usize): void {
  let m01 = mean01, m23 = mean23, s01 = scale01, s23 = scale23;
  for (let end = x + length * step; x < end; x += step, out += step) {
    v128.store(out, f64x2.mul(f64x2.sub(v128.load(x), m01), s01));
    v128.store(out, f64x2.mul(f64x2.sub(v128.load(x, 16), m23), s23), 16);
  }
}

/** dz = (dx - mean(dx) - z mean(z dx)) scale for the group whose values were standardised to z; with `frozen` dx scale. */
function standardiseTangent(z: usize, dx: usize, step: usize, length: i32, centred: bool, frozen: bool, out: usize): void {
  let zero = f64x2.splat(0), count = f64x2.splat(<f64>length);
  let end = dx + length * step;
  let shift01 = zero, shift23 = zero, along01 = zero, along23 = zero;
  if (!frozen) {
    for (let at = dx, by = z; at < end; at += step, by += step) {
      let a = v128.load(at), b = v128.load(at, 16);
      shift01 = f64x2.add(shift01, a);
      shift23 = f64x2.add(shift23, b);
      along01 = f64x2.add(along01, f64x2.mul(v128.load(by), a));
      along23 = f64x2.add(along23, f64x2.mul(v128.load(by, 16), b));
    }
    shift01 = centred ? f64x2.div(shift01, count) : zero;
    shift23 = centred ? f64x2.div(shift23, count) : zero;
    along01 = f64x2.div(along01, count);
    along23 = f64x2.div(along23, count);
  }
  for (; dx < end; dx += step, z += step, out += step) {
    let a = f64x2.sub(f64x2.sub(v128.load(dx), shift01), f64x2.mul(v128.load(z), along01));
    let b = f64x2.sub(f64x2.sub(v128.load(dx, 16), shift23), f64x2.mul(v128.load(z, 16), along23));
    v128.store(out, f64x2.mul(a, scale01));
    v128.store(out, f64x2.mul(b, scale23), 16);
  }
}

/** Normalises groups of x [points][positions][channels][4] into `out`, which may be x; `tangents` behind both are carried along. */
// @ts-ignore: decorator
@inline
function normalise(x: usize, code: i32, points: i32, positions: i32, channels: i32, epsilon: f64, tangents: bool, frozen: bool, out: usize): void {
  let batch = code == BATCH;
  let centred = code != RMS;
  let groups = batch ? channels : points;
  let length = batch ? points * positions : positions * channels;
  let step: usize = batch ? <usize>channels << 5 : 32;
  let next: usize = batch ? 32 : <usize>length << 5;
  let behind = <usize>(points * positions * channels) << 5;
  for (let g = 0; g < groups; g++, x += next, out += next) {
    measure(x, step, length, centred, epsilon);
    standardise(x, step, length, out);
    if (tangents) standardiseTangent(out, x + behind, step, length, centred, frozen && batch, out + behind);
  }
}

/** Writes the normalised values of x [points][positions][channels][4] to `out`, which may be x. */
export function norm(x: usize, code: i32, points: i32, positions: i32, channels: i32, epsilon: f64, out: usize): void {
  normalise(x, code, points, positions, channels, epsilon, false, false, out);
}

/** The same with as many tangents behind the values. */
export function normTangent(x: usize, code: i32, points: i32, positions: i32, channels: i32, epsilon: f64, frozen: bool, out: usize): void {
  normalise(x, code, points, positions, channels, epsilon, true, frozen, out);
}
