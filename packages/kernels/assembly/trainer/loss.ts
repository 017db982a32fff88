// Losses and their derivatives by the outputs.
import { exp } from "../ensemble/float";
import { Trainer } from "./records";

// The codes of src/trainer.ts.
const MSE: i32 = 0;
const MAE: i32 = 1;
const HUBER: i32 = 2;

/** sum (f64[4]) += v (f32[4]). */
// @ts-ignore: decorator
@inline
function addTo(sum: usize, v: v128): void {
  v128.store(sum, f64x2.add(v128.load(sum), f64x2.promote_low_f32x4(v)));
  v128.store(sum, f64x2.add(v128.load(sum, 16), f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1))), 16);
}

// @ts-ignore: decorator
@inline
function target(shared: bool, at: usize): v128 {
  return shared ? v128.load32_splat(at) : v128.load(at);
}

/** -1, 0 or 1 as d has a sign; a NaN stays. */
// @ts-ignore: decorator
@inline
function sign(d: v128): v128 {
  let one = v128.or(v128.and(d, i32x4.splat(0x80000000)), f32x4.splat(1));
  return v128.bitselect(one, d, f32x4.ne(f32x4.abs(d), f32x4.splat(0)));
}

/**
 * The derivative at the outputs of so many points of a batch, times `share`, one over what the mean is taken over; `sums` (f64[4]) += the loss of these points, if it is not 0.
 */
export function lossGradient(t: Trainer, targets: usize, points: i32, share: f32, sums: usize): void {
  if (t.loss > HUBER) crossEntropy(t, targets, points, share, sums);
  else if (t.shared) differences(t, true, targets, points, share, sums);
  else differences(t, false, targets, points, share, sums);
}

// @ts-ignore: decorator
@inline
function differences(t: Trainer, shared: bool, targets: usize, points: i32, share: f32, sums: usize): void {
  let loss = t.loss;
  let scale = f32x4.splat(loss == MSE ? 2 * share : share);
  let delta = f32x4.splat(t.delta), half = f32x4.splat(0.5), zero = f32x4.splat(0);
  let dy = t.dy;
  for (let y = t.y, end = y + ((<usize>points * t.outputs) << 4); y < end; y += 16, dy += 16, targets += shared ? 4 : 16) {
    let d = f32x4.sub(v128.load(y), target(shared, targets));
    let slope = d;
    if (loss == MAE) slope = sign(d);
    else if (loss == HUBER) slope = f32x4.max(f32x4.min(d, delta), f32x4.neg(delta));
    v128.store(dy, f32x4.mul(slope, scale));
    if (sums) {
      let size = f32x4.abs(d);
      if (loss == MSE) size = f32x4.mul(d, d);
      else if (loss == HUBER) {
        let inner = f32x4.min(size, delta);
        size = f32x4.add(f32x4.mul(half, f32x4.mul(inner, inner)), f32x4.mul(delta, f32x4.max(f32x4.sub(size, delta), zero)));
      }
      addTo(sums, size);
    }
  }
}

/** Targets are classes: one of a point. */
function crossEntropy(t: Trainer, targets: usize, points: i32, share: f32, sums: usize): void {
  let shared = t.shared != 0;
  let one = f32x4.splat(1);
  let y = t.y, dy = t.dy;
  let row = <usize>t.outputs << 4;
  for (let p = 0; p < points; p++, y += row, dy += row) {
    let chosen = shared ? v128.load32_splat(targets + (<usize>p << 2)) : v128.load(targets + (<usize>p << 4));
    let largest = v128.load(y);
    for (let j: usize = 16; j < row; j += 16) largest = f32x4.max(largest, v128.load(y + j));
    let total = f32x4.splat(0), others = total, own = total;
    for (let j: usize = 0, index = f32x4.splat(0); j < row; j += 16, index = f32x4.add(index, one)) {
      let value = v128.load(y + j);
      let e = exp(f32x4.sub(value, largest));
      let hit = f32x4.eq(index, chosen);
      v128.store(dy + j, v128.andnot(e, hit));
      total = f32x4.add(total, e);
      others = f32x4.add(others, v128.andnot(e, hit));
      own = v128.bitselect(value, own, hit);
    }
    // That of the class is -1 + its share of the total: summed over the others, nothing cancels.
    let factor = f32x4.div(f32x4.splat(share), total);
    for (let j: usize = 0, index = f32x4.splat(0); j < row; j += 16, index = f32x4.add(index, one)) {
      let e = v128.bitselect(f32x4.neg(others), v128.load(dy + j), f32x4.eq(index, chosen));
      v128.store(dy + j, f32x4.mul(e, factor));
    }
    if (sums) {
      let rest = f32x4.sub(largest, own);
      addLog(sums, f32x4.extract_lane(total, 0), f32x4.extract_lane(rest, 0));
      addLog(sums + 8, f32x4.extract_lane(total, 1), f32x4.extract_lane(rest, 1));
      addLog(sums + 16, f32x4.extract_lane(total, 2), f32x4.extract_lane(rest, 2));
      addLog(sums + 24, f32x4.extract_lane(total, 3), f32x4.extract_lane(rest, 3));
    }
  }
}

function addLog(sum: usize, total: f32, rest: f32): void {
  store<f64>(sum, load<f64>(sum) + NativeMath.log(total) + rest);
}
