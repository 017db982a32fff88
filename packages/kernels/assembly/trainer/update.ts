// One step of an optimiser, by PyTorch's definitions (see `Optimizer` of @sonde/training).
import { Operation, Step, Trainer } from "./records";

// The codes of src/trainer.ts.
const SGD: i32 = 0;
const MOMENTUM: i32 = 1;
const NESTEROV: i32 = 2;
const RMSPROP: i32 = 3;

/** Below it a gradient's square, times what is left of 1, is subnormal, which costs processors a hundred cycles; with epsilon it changes nothing. */
const SMALL: f32 = 1.3877787807814457e-17;
/** The smallest normal number. */
const NORMAL: f32 = 1.1754943508222875e-38;

/** Zero instead of subnormal numbers, in which what decays would stay for ever. */
// @ts-ignore: decorator
@inline
function flushed(v: v128, least: f32): v128 {
  return v128.and(v, f32x4.ge(f32x4.abs(v), f32x4.splat(least)));
}

/** A mean of squares: first v + (1 - first) g^2. */
// @ts-ignore: decorator
@inline
function square(v: v128, g: v128, keep: v128, take: v128): v128 {
  let s = flushed(g, SMALL);
  return flushed(f32x4.add(f32x4.mul(v, keep), f32x4.mul(f32x4.mul(s, s), take)), NORMAL);
}

/** A gradient, with the parameter's share where large ones are held back. */
// @ts-ignore: decorator
@inline
function held(g: usize, factor: v128, value: v128, l2: v128, holds: bool): v128 {
  let d = f32x4.mul(v128.load(g), factor);
  return holds ? f32x4.add(d, f32x4.mul(value, l2)) : d;
}

/** Changes `count` parameters at `p` by their gradients at `g`, times `factor`; what is remembered of them lies `slot` bytes further each. */
function change(t: Trainer, step: Step, p: usize, g: usize, slot: usize, count: i32, factor: v128, decays: bool): void {
  let keep = f32x4.splat(decays ? step.keep : 1), l2 = f32x4.splat(t.l2);
  let holds = decays && t.l2 != 0;
  let rate = f32x4.splat(step.rate), root = f32x4.splat(step.root), epsilon = f32x4.splat(t.epsilon);
  let first = f32x4.splat(t.first), oneMinusFirst = f32x4.splat(t.oneMinusFirst);
  let second = f32x4.splat(t.second), oneMinusSecond = f32x4.splat(t.oneMinusSecond);
  let optimizer = t.optimizer;
  let end = p + (<usize>count << 4);
  if (optimizer == SGD) {
    do {
      let value = f32x4.mul(v128.load(p), keep);
      let d = held(g, factor, value, l2, holds);
      v128.store(p, f32x4.sub(value, f32x4.mul(rate, d)));
      p += 16;
      g += 16;
    } while (p < end);
  } else if (optimizer <= NESTEROV) {
    do {
      let value = f32x4.mul(v128.load(p), keep);
      let d = held(g, factor, value, l2, holds);
      let v = flushed(f32x4.add(f32x4.mul(v128.load(p + slot), first), d), NORMAL);
      v128.store(p + slot, v);
      if (optimizer == NESTEROV) v = f32x4.add(d, f32x4.mul(v, first));
      v128.store(p, f32x4.sub(value, f32x4.mul(rate, v)));
      p += 16;
      g += 16;
    } while (p < end);
  } else if (optimizer == RMSPROP) {
    do {
      let value = f32x4.mul(v128.load(p), keep);
      let d = held(g, factor, value, l2, holds);
      let v = square(v128.load(p + slot), d, first, oneMinusFirst);
      v128.store(p + slot, v);
      v128.store(p, f32x4.sub(value, f32x4.div(f32x4.mul(rate, d), f32x4.add(f32x4.sqrt(v), epsilon))));
      p += 16;
      g += 16;
    } while (p < end);
  } else {
    do {
      let value = f32x4.mul(v128.load(p), keep);
      let d = held(g, factor, value, l2, holds);
      let m = flushed(f32x4.add(f32x4.mul(v128.load(p + slot), first), f32x4.mul(d, oneMinusFirst)), NORMAL);
      let v = square(v128.load(p + 2 * slot), d, second, oneMinusSecond);
      v128.store(p + slot, m);
      v128.store(p + 2 * slot, v);
      let size = f32x4.add(f32x4.mul(f32x4.sqrt(v), root), epsilon);
      v128.store(p, f32x4.sub(value, f32x4.div(f32x4.mul(rate, m), size)));
      p += 16;
      g += 16;
    } while (p < end);
  }
}

/** Changes the parameters of one layer of the four networks at `state` by its gradients. */
export function updateLayer(t: Trainer, step: Step, op: Operation, state: usize, gradients: usize, factor: v128): void {
  let count = op.weightCount;
  let slot = <usize>t.parameters << 4;
  let at = state + (<usize>op.weights << 4);
  change(t, step, at, gradients, slot, count, factor, true);
  let biases = <usize>count << 4;
  if (op.trainsBiases) change(t, step, at + biases, gradients + biases, slot, op.units, factor, t.decayBiases != 0);
}

// @ts-ignore: decorator
@lazy const squares: usize = memory.data(32, 16);

/** Adds the squares of `count` vectors to `squares`. */
function addSquares(values: usize, count: i32): void {
  let low = v128.load(squares), high = v128.load(squares, 16);
  for (let end = values + (<usize>count << 4); values < end; values += 16) {
    let v = v128.load(values);
    let l = f64x2.promote_low_f32x4(v), h = f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1));
    low = f64x2.add(low, f64x2.mul(l, l));
    high = f64x2.add(high, f64x2.mul(h, h));
  }
  v128.store(squares, low);
  v128.store(squares, high, 16);
}

/** Begins a norm of gradients. */
export function clearNorm(): void {
  v128.store(squares, f64x2.splat(0));
  v128.store(squares, f64x2.splat(0), 16);
}

/** Adds the gradients of a layer to the norm. */
export function addToNorm(op: Operation, gradients: usize): void {
  addSquares(gradients, op.weightCount + (op.trainsBiases ? op.units : 0));
}

/** What gradients are multiplied by so that their norm is at most `clip`, a lane: clip / (norm + 1e-6) if that is below 1, else 1. */
export function clipFactor(clip: f32): v128 {
  let low = factorOf(v128.load(squares), clip), high = factorOf(v128.load(squares, 16), clip);
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

// @ts-ignore: decorator
@inline
function factorOf(square: v128, clip: f32): v128 {
  let one = f64x2.splat(1);
  let factor = f64x2.div(f64x2.splat(clip), f64x2.add(f64x2.sqrt(square), f64x2.splat(1e-6)));
  return v128.bitselect(factor, one, f64x2.lt(factor, one));
}
