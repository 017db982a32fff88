// What layers with weights do on the way back: gradients by their inputs and by their weights, for four networks.
import { multiplyAdd } from "./float";

/** Vectors of x and dy that are read again and again while sums over their points are made: 256 KiB. */
const BLOCK: i32 = 16384;

/** A gradient at `dx`, or 0 where the value at `x` is not above 0; where that is NaN, or `x` is 0, the gradient. */
// @ts-ignore: decorator
@inline
function put(dx: usize, offset: usize, gradient: v128, x: usize): void {
  if (x) gradient = v128.andnot(gradient, f32x4.le(v128.load(x + offset), f32x4.splat(0)));
  v128.store(dx + offset, gradient);
}

/**
 * A tile of P points x I inputs (P = 1 or 4, I = 1 or 2): dx[p][i] = sum over the units of dy[p][u] w[i][u]. `dy`, `w` and `dx`, and `x` if it is not 0, point to the tile's first
 * entries. P and I are constants after inlining.
 */
// @ts-ignore: decorator
@inline
function inputTile(P: i32, I: i32, dy: usize, units: i32, w: usize, dx: usize, inputs: i32, x: usize): void {
  let row = <usize>units << 4;
  let dy1 = dy + row, dy2 = dy1 + row, dy3 = dy2 + row;
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  let end = dy + row;
  do {
    let w0 = v128.load(w);
    let w1 = I > 1 ? v128.load(w + row) : w0;
    let d = v128.load(dy);
    s00 = multiplyAdd(s00, d, w0);
    if (I > 1) s01 = multiplyAdd(s01, d, w1);
    if (P > 1) {
      d = v128.load(dy1);
      s10 = multiplyAdd(s10, d, w0);
      if (I > 1) s11 = multiplyAdd(s11, d, w1);
      d = v128.load(dy2);
      s20 = multiplyAdd(s20, d, w0);
      if (I > 1) s21 = multiplyAdd(s21, d, w1);
      d = v128.load(dy3);
      s30 = multiplyAdd(s30, d, w0);
      if (I > 1) s31 = multiplyAdd(s31, d, w1);
      dy1 += 16;
      dy2 += 16;
      dy3 += 16;
    }
    dy += 16;
    w += 16;
  } while (dy < end);
  let out = <usize>inputs << 4;
  put(dx, 0, s00, x);
  if (I > 1) put(dx, 16, s01, x);
  if (P > 1) {
    put(dx, out, s10, x);
    put(dx, 2 * out, s20, x);
    put(dx, 3 * out, s30, x);
    if (I > 1) {
      put(dx, out + 16, s11, x);
      put(dx, 2 * out + 16, s21, x);
      put(dx, 3 * out + 16, s31, x);
    }
  }
}

// @ts-ignore: decorator
@inline
function inputRows(P: i32, dy: usize, units: i32, weights: usize, dx: usize, some: i32, inputs: i32, x: usize): void {
  let row = <usize>units << 4;
  let i = 0;
  for (; i + 1 < some; i += 2, weights += row << 1, dx += 32) {
    inputTile(P, 2, dy, units, weights, dx, inputs, x);
    if (x) x += 32;
  }
  if (i < some) inputTile(P, 1, dy, units, weights, dx, inputs, x);
}

/** Vectors of weights that stay in the first cache while all points go by: 24 KiB. */
const ROWS: i32 = 1536;

/** dx [points][inputs][4] = dy [points][units][4] times the transpose of weights [inputs][units][4]. */
export function inputGradient(dy: usize, points: i32, units: i32, weights: usize, inputs: i32, dx: usize): void {
  inputGradientAbove(dy, points, units, weights, inputs, dx, 0);
}

/** The same; where `x` is not 0, gradients by those of its values that are not above 0 are 0, and where they are NaN stay. */
export function inputGradientAbove(dy: usize, points: i32, units: i32, weights: usize, inputs: i32, dx: usize, x: usize): void {
  let dyRow = <usize>units << 4, dxRow = <usize>inputs << 4;
  let most = max(2, (ROWS / units) & ~1);
  for (let first = 0; first < inputs; first += most, weights += <usize>most * dyRow) {
    let some = min(most, inputs - first);
    let offset = <usize>first << 4;
    let p = 0, from = dy, to = dx + offset, mask = x ? x + offset : 0;
    for (; p + 3 < points; p += 4, from += dyRow << 2, to += dxRow << 2) {
      inputRows(4, from, units, weights, to, some, inputs, mask);
      if (x) mask += dxRow << 2;
    }
    for (; p < points; p++, from += dyRow, to += dxRow) {
      inputRows(1, from, units, weights, to, some, inputs, mask);
      if (x) mask += dxRow;
    }
  }
}

/** A tile of I inputs x U units (I = 1 or 4, U = 1 or 2): dw[i][u] = start + sum over the points of x[p][i] dy[p][u], the start being what is there, or 0. */
// @ts-ignore: decorator
@inline
function weightTile(I: i32, U: i32, x: usize, xRow: usize, dy: usize, dyRow: usize, points: i32, dw: usize, dwRow: usize, adds: bool): void {
  let dw1 = dw + dwRow, dw2 = dw1 + dwRow, dw3 = dw2 + dwRow;
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  if (adds) {
    s00 = v128.load(dw);
    if (U > 1) s01 = v128.load(dw, 16);
    if (I > 1) {
      s10 = v128.load(dw1);
      s20 = v128.load(dw2);
      s30 = v128.load(dw3);
      if (U > 1) {
        s11 = v128.load(dw1, 16);
        s21 = v128.load(dw2, 16);
        s31 = v128.load(dw3, 16);
      }
    }
  }
  let end = x + <usize>points * xRow;
  do {
    let d0 = v128.load(dy);
    let d1 = U > 1 ? v128.load(dy, 16) : d0;
    let v = v128.load(x);
    s00 = multiplyAdd(s00, v, d0);
    if (U > 1) s01 = multiplyAdd(s01, v, d1);
    if (I > 1) {
      v = v128.load(x, 16);
      s10 = multiplyAdd(s10, v, d0);
      if (U > 1) s11 = multiplyAdd(s11, v, d1);
      v = v128.load(x, 32);
      s20 = multiplyAdd(s20, v, d0);
      if (U > 1) s21 = multiplyAdd(s21, v, d1);
      v = v128.load(x, 48);
      s30 = multiplyAdd(s30, v, d0);
      if (U > 1) s31 = multiplyAdd(s31, v, d1);
    }
    x += xRow;
    dy += dyRow;
  } while (x < end);
  v128.store(dw, s00);
  if (U > 1) v128.store(dw, s01, 16);
  if (I > 1) {
    v128.store(dw1, s10);
    v128.store(dw2, s20);
    v128.store(dw3, s30);
    if (U > 1) {
      v128.store(dw1, s11, 16);
      v128.store(dw2, s21, 16);
      v128.store(dw3, s31, 16);
    }
  }
}

/** I inputs against all units; `packed` are pairs of units of all points behind each other, or 0. */
// @ts-ignore: decorator
@inline
function weightRows(I: i32, x: usize, xRow: usize, dy: usize, packed: usize, units: i32, points: i32, dw: usize, adds: bool): void {
  let row = <usize>units << 4;
  let from = packed ? packed : dy;
  let fromRow = packed ? 32 : row, next = packed ? <usize>points << 5 : 32;
  let u = 0;
  for (; u + 1 < units; u += 2, from += next, dw += 32) weightTile(I, 2, x, xRow, from, fromRow, points, dw, row, adds);
  if (u < units) weightTile(I, 1, x, xRow, dy + (<usize>u << 4), row, points, dw, row, adds);
}

/** Room for the packed values of a block, and for four inputs of its points. */
// @ts-ignore: decorator
@lazy const packedUnits: usize = memory.data(262144, 16);
// @ts-ignore: decorator
@lazy const packedInputs: usize = memory.data(16384, 16);

/** Pairs of units, for all points behind each other. */
function packUnits(dy: usize, points: i32, units: i32): void {
  let row = <usize>units << 4;
  let next = <usize>points << 5;
  for (let p = 0; p < points; p++, dy += row)
    for (let c: usize = 0, to = packedUnits + (<usize>p << 5); c + 16 < row; c += 32, to += next) {
      v128.store(to, v128.load(dy + c));
      v128.store(to, v128.load(dy + c, 16), 16);
    }
}

/** Four inputs, for all points behind each other. */
function packInputs(x: usize, points: i32, xRow: usize): void {
  for (let to = packedInputs, end = to + (<usize>points << 6); to < end; to += 64, x += xRow) {
    v128.store(to, v128.load(x));
    v128.store(to, v128.load(x, 16), 16);
    v128.store(to, v128.load(x, 32), 32);
    v128.store(to, v128.load(x, 48), 48);
  }
}

/**
 * dw [inputs][units][4] = the sum over the points of x [points][inputs][4] times dy [points][units][4]; with `adds` that is added to what is there. Rows a multiple of
 * 1 KiB apart would share few sets of the cache, so such values are packed.
 */
export function weightGradient(x: usize, points: i32, inputs: i32, dy: usize, units: i32, dw: usize, adds: bool): void {
  let xRow = <usize>inputs << 4, dyRow = <usize>units << 4;
  let most = max(16, BLOCK / (inputs + units));
  let packs = (units & 63) == 0 || (inputs & 63) == 0;
  if (packs) most = min(256, most);
  for (let first = 0; first < points; first += most, x += <usize>most * xRow, dy += <usize>most * dyRow) {
    let some = min(most, points - first);
    let continues = adds || first > 0;
    let packed: usize = packs && some * units <= BLOCK ? packedUnits : 0;
    if (packed) packUnits(dy, some, units);
    let i = 0;
    let at = x, to = dw;
    for (; i + 3 < inputs; i += 4, at += 64, to += dyRow << 2) {
      if (packs) packInputs(at, some, xRow);
      weightRows(4, packs ? packedInputs : at, packs ? 64 : xRow, dy, packed, units, some, to, continues);
    }
    for (; i < inputs; i++, at += 16, to += dyRow) weightRows(1, at, xRow, dy, packed, units, some, to, continues);
  }
}

/** `C` (4 or 1) columns of the sum over the points of rows of `row` bytes. */
// @ts-ignore: decorator
@inline
function sumColumns(C: i32, dy: usize, points: i32, row: usize, db: usize, adds: bool): void {
  let zero = f32x4.splat(0);
  let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
  if (adds) {
    s0 = v128.load(db);
    if (C > 1) {
      s1 = v128.load(db, 16);
      s2 = v128.load(db, 32);
      s3 = v128.load(db, 48);
    }
  }
  for (let end = dy + <usize>points * row; dy < end; dy += row) {
    s0 = f32x4.add(s0, v128.load(dy));
    if (C > 1) {
      s1 = f32x4.add(s1, v128.load(dy, 16));
      s2 = f32x4.add(s2, v128.load(dy, 32));
      s3 = f32x4.add(s3, v128.load(dy, 48));
    }
  }
  v128.store(db, s0);
  if (C > 1) {
    v128.store(db, s1, 16);
    v128.store(db, s2, 32);
    v128.store(db, s3, 48);
  }
}

/** db [units][4] = the sum over the points of dy [points][units][4]; with `adds` that is added to what is there. */
export function biasGradient(dy: usize, points: i32, units: i32, db: usize, adds: bool): void {
  let row = <usize>units << 4;
  let u = 0;
  for (; u + 3 < units; u += 4, dy += 64, db += 64) sumColumns(4, dy, points, row, db, adds);
  for (; u < units; u++, dy += 16, db += 16) sumColumns(1, dy, points, row, db, adds);
}

/** sums (f64[4]) = the sum of the squares of [count][4], a lane. */
export function squareSums(values: usize, count: i32, sums: usize): void {
  let low = f64x2.splat(0), high = low;
  for (let end = values + (<usize>count << 4); values < end; values += 16) {
    let v = v128.load(values);
    let l = f64x2.promote_low_f32x4(v), h = f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1));
    low = f64x2.add(low, f64x2.mul(l, l));
    high = f64x2.add(high, f64x2.mul(h, h));
  }
  v128.store(sums, low);
  v128.store(sums, high, 16);
}

/** out [places][count][4] = the channels from `first` on of y [places][channels][4]. */
export function takeChannels(y: usize, channels: i32, first: i32, count: i32, places: i32, out: usize): void {
  let row = <usize>channels << 4, part = <usize>count << 4;
  y += <usize>first << 4;
  for (let i = 0; i < places; i++, y += row, out += part) memory.copy(out, y, part);
}
