// Dense layers of few units: loops over points with the weights in registers. Sizes in capitals are constants after inlining.
import { multiplyAdd } from "../ensemble/float";

/** y[p][u] = max(floor, b[u] + sum of x[p][i] w[i][u]) for I inputs (1 to 4) and U units (1 or 2) of rows of `units`. */
// @ts-ignore: decorator
@inline
function column(I: i32, U: i32, x: usize, points: i32, w: usize, b: usize, units: i32, y: usize, floor: v128): void {
  let row = <usize>units << 4;
  let b0 = v128.load(b), b1 = U > 1 ? v128.load(b, 16) : b0;
  let w00 = v128.load(w), w01 = U > 1 ? v128.load(w, 16) : w00;
  let w10 = w00, w11 = w00, w20 = w00, w21 = w00, w30 = w00, w31 = w00;
  if (I > 1) {
    w10 = v128.load(w + row);
    if (U > 1) w11 = v128.load(w + row, 16);
  }
  if (I > 2) {
    w20 = v128.load(w + 2 * row);
    if (U > 1) w21 = v128.load(w + 2 * row, 16);
  }
  if (I > 3) {
    w30 = v128.load(w + 3 * row);
    if (U > 1) w31 = v128.load(w + 3 * row, 16);
  }
  let end = x + (<usize>(points * I) << 4);
  do {
    let v = v128.load(x);
    let s0 = multiplyAdd(b0, v, w00);
    let s1 = U > 1 ? multiplyAdd(b1, v, w01) : s0;
    if (I > 1) {
      v = v128.load(x, 16);
      s0 = multiplyAdd(s0, v, w10);
      if (U > 1) s1 = multiplyAdd(s1, v, w11);
    }
    if (I > 2) {
      v = v128.load(x, 32);
      s0 = multiplyAdd(s0, v, w20);
      if (U > 1) s1 = multiplyAdd(s1, v, w21);
    }
    if (I > 3) {
      v = v128.load(x, 48);
      s0 = multiplyAdd(s0, v, w30);
      if (U > 1) s1 = multiplyAdd(s1, v, w31);
    }
    v128.store(y, f32x4.pmax(s0, floor));
    if (U > 1) v128.store(y, f32x4.pmax(s1, floor), 16);
    x += <usize>I << 4;
    y += row;
  } while (x < end);
}

// @ts-ignore: decorator
@inline
function columnsOf(I: i32, x: usize, points: i32, w: usize, b: usize, units: i32, y: usize, floor: v128): void {
  let u = 0;
  for (; u + 1 < units; u += 2, w += 32, b += 32, y += 32) column(I, 2, x, points, w, b, units, y, floor);
  if (u < units) column(I, 1, x, points, w, b, units, y, floor);
}

/** y = x W + b, or its positive part, for 1 to 4 inputs. */
export function columns(x: usize, points: i32, inputs: i32, w: usize, b: usize, units: i32, y: usize, positive: bool): void {
  let floor = f32x4.splat(positive ? 0 : -Infinity);
  if (inputs == 1) columnsOf(1, x, points, w, b, units, y, floor);
  else if (inputs == 2) columnsOf(2, x, points, w, b, units, y, floor);
  else if (inputs == 3) columnsOf(3, x, points, w, b, units, y, floor);
  else columnsOf(4, x, points, w, b, units, y, floor);
}

/** dx[p][i] = sum of dy[p][u] w[i][u] for U units (1 to 4) and I inputs (1 or 2) of rows of `inputs`. */
// @ts-ignore: decorator
@inline
function columnBack(U: i32, I: i32, dy: usize, points: i32, w: usize, inputs: i32, dx: usize): void {
  let row = <usize>inputs << 4;
  let next = w + (<usize>U << 4);
  let w00 = v128.load(w), w10 = I > 1 ? v128.load(next) : w00;
  let w01 = w00, w11 = w00, w02 = w00, w12 = w00, w03 = w00, w13 = w00;
  if (U > 1) {
    w01 = v128.load(w, 16);
    if (I > 1) w11 = v128.load(next, 16);
  }
  if (U > 2) {
    w02 = v128.load(w, 32);
    if (I > 1) w12 = v128.load(next, 32);
  }
  if (U > 3) {
    w03 = v128.load(w, 48);
    if (I > 1) w13 = v128.load(next, 48);
  }
  let end = dy + (<usize>(points * U) << 4);
  do {
    let d = v128.load(dy);
    let s0 = f32x4.mul(d, w00);
    let s1 = I > 1 ? f32x4.mul(d, w10) : s0;
    if (U > 1) {
      d = v128.load(dy, 16);
      s0 = multiplyAdd(s0, d, w01);
      if (I > 1) s1 = multiplyAdd(s1, d, w11);
    }
    if (U > 2) {
      d = v128.load(dy, 32);
      s0 = multiplyAdd(s0, d, w02);
      if (I > 1) s1 = multiplyAdd(s1, d, w12);
    }
    if (U > 3) {
      d = v128.load(dy, 48);
      s0 = multiplyAdd(s0, d, w03);
      if (I > 1) s1 = multiplyAdd(s1, d, w13);
    }
    v128.store(dx, s0);
    if (I > 1) v128.store(dx, s1, 16);
    dy += <usize>U << 4;
    dx += row;
  } while (dy < end);
}

// @ts-ignore: decorator
@inline
function columnsBackOf(U: i32, dy: usize, points: i32, w: usize, inputs: i32, dx: usize): void {
  let i = 0;
  for (; i + 1 < inputs; i += 2, w += <usize>U << 5, dx += 32) columnBack(U, 2, dy, points, w, inputs, dx);
  if (i < inputs) columnBack(U, 1, dy, points, w, inputs, dx);
}

/** dx = dy times the transpose of W, for 1 to 4 units. */
export function columnsBack(dy: usize, points: i32, units: i32, w: usize, inputs: i32, dx: usize): void {
  if (units == 1) columnsBackOf(1, dy, points, w, inputs, dx);
  else if (units == 2) columnsBackOf(2, dy, points, w, inputs, dx);
  else if (units == 3) columnsBackOf(3, dy, points, w, inputs, dx);
  else columnsBackOf(4, dy, points, w, inputs, dx);
}

/**
 * All of a layer's way back at once, for I and U of 1 or 2: dx (if D), dw [I][U] and behind it db [U], with `continues` added to what is there. Gradients pass where
 * y is not at or below `threshold`.
 */
// @ts-ignore: decorator
@inline
function layerBack(I: i32, U: i32, D: bool, x: usize, y: usize, dy: usize, points: i32, w: usize, dw: usize, continues: bool, dx: usize, threshold: v128): void {
  let w00 = v128.load(w), w01 = U > 1 ? v128.load(w, 16) : w00;
  let w10 = w00, w11 = w00;
  if (I > 1) {
    w10 = v128.load(w + (<usize>U << 4));
    if (U > 1) w11 = v128.load(w, 48);
  }
  let zero = f32x4.splat(0);
  let s00 = zero, s01 = zero, s10 = zero, s11 = zero, t0 = zero, t1 = zero;
  let db = dw + (<usize>(I * U) << 4);
  if (continues) {
    s00 = v128.load(dw);
    if (U > 1) s01 = v128.load(dw, 16);
    if (I > 1) {
      s10 = v128.load(dw + (<usize>U << 4));
      if (U > 1) s11 = v128.load(dw, 48);
    }
    t0 = v128.load(db);
    if (U > 1) t1 = v128.load(db, 16);
  }
  let end = x + (<usize>(points * I) << 4);
  do {
    let d0 = v128.andnot(v128.load(dy), f32x4.le(v128.load(y), threshold));
    let d1 = U > 1 ? v128.andnot(v128.load(dy, 16), f32x4.le(v128.load(y, 16), threshold)) : d0;
    t0 = f32x4.add(t0, d0);
    if (U > 1) t1 = f32x4.add(t1, d1);
    let v = v128.load(x);
    s00 = multiplyAdd(s00, v, d0);
    if (U > 1) s01 = multiplyAdd(s01, v, d1);
    if (I > 1) {
      v = v128.load(x, 16);
      s10 = multiplyAdd(s10, v, d0);
      if (U > 1) s11 = multiplyAdd(s11, v, d1);
    }
    if (D) {
      let e = f32x4.mul(d0, w00);
      if (U > 1) e = multiplyAdd(e, d1, w01);
      v128.store(dx, e);
      if (I > 1) {
        e = f32x4.mul(d0, w10);
        if (U > 1) e = multiplyAdd(e, d1, w11);
        v128.store(dx, e, 16);
      }
      dx += <usize>I << 4;
    }
    x += <usize>I << 4;
    y += <usize>U << 4;
    dy += <usize>U << 4;
  } while (x < end);
  v128.store(dw, s00);
  if (U > 1) v128.store(dw, s01, 16);
  if (I > 1) {
    v128.store(dw + (<usize>U << 4), s10);
    if (U > 1) v128.store(dw, s11, 48);
  }
  v128.store(db, t0);
  if (U > 1) v128.store(db, t1, 16);
}

/** The way back of a layer of at most 2 inputs and units, whose values and gradients are read once; dx is 0 if nobody asks for it. */
export function fused(x: usize, y: usize, dy: usize, points: i32, inputs: i32, w: usize, units: i32, dw: usize, continues: bool, dx: usize, positive: bool): void {
  // Nothing is at or below a NaN.
  let threshold = f32x4.splat(positive ? 0 : NaN);
  if (inputs == 2) {
    if (units == 2) {
      if (dx) layerBack(2, 2, true, x, y, dy, points, w, dw, continues, dx, threshold);
      else layerBack(2, 2, false, x, y, dy, points, w, dw, continues, dx, threshold);
    } else if (dx) layerBack(2, 1, true, x, y, dy, points, w, dw, continues, dx, threshold);
    else layerBack(2, 1, false, x, y, dy, points, w, dw, continues, dx, threshold);
  } else if (units == 2) {
    if (dx) layerBack(1, 2, true, x, y, dy, points, w, dw, continues, dx, threshold);
    else layerBack(1, 2, false, x, y, dy, points, w, dw, continues, dx, threshold);
  } else if (dx) layerBack(1, 1, true, x, y, dy, points, w, dw, continues, dx, threshold);
  else layerBack(1, 1, false, x, y, dy, points, w, dw, continues, dx, threshold);
}
