import { activate, LINEAR, RELU } from "./activation";
import { drawLanes, drawRows } from "./draws";
import { multiplyAdd } from "./float";
import { PANEL, panelColumns, rowVectors } from "./panels";

/**
 * A tile of P points x U units (P = 1 or 4, U = 1 or 2): out[p][u] = max(floor, start + sum over the rows of x[p][row] w[row][u]), where a NaN stays and the start is
 * what earlier panels left in `out`, the bias, or 0. `x`, `w`, `out` and `bias` point to the tile's first entries; `inputs` and `units` are the lengths of a point's
 * row in x and out, `stride` the bytes of a row of w. P and U are constants after inlining. What goes on around the innermost loop counts: at width 8 it has 8 steps.
 */
// @ts-ignore: decorator
@inline
function tile(P: i32, U: i32, x: usize, inputs: i32, w: usize, stride: usize, rows: i32, units: i32, out: usize, bias: usize, continues: bool, floor: v128): void {
  let xs = <usize>inputs << 4;
  let os = <usize>units << 4;
  let o1 = out + os, o2 = o1 + os, o3 = o2 + os;
  let s00 = f32x4.splat(0), s01 = s00;
  if (bias) {
    s00 = v128.load(bias);
    if (U > 1) s01 = v128.load(bias, 16);
  }
  let s10 = s00, s11 = s01, s20 = s00, s21 = s01, s30 = s00, s31 = s01;
  if (continues) {
    s00 = v128.load(out);
    if (U > 1) s01 = v128.load(out, 16);
    if (P > 1) {
      s10 = v128.load(o1);
      s20 = v128.load(o2);
      s30 = v128.load(o3);
      if (U > 1) {
        s11 = v128.load(o1, 16);
        s21 = v128.load(o2, 16);
        s31 = v128.load(o3, 16);
      }
    }
  }
  let x1 = x + xs, x2 = x1 + xs, x3 = x2 + xs;
  let end = x + (<usize>rows << 4);
  do {
    let w0 = v128.load(w);
    let w1 = U > 1 ? v128.load(w, 16) : w0;
    let a = v128.load(x);
    s00 = multiplyAdd(s00, a, w0);
    if (U > 1) s01 = multiplyAdd(s01, a, w1);
    if (P > 1) {
      a = v128.load(x1);
      s10 = multiplyAdd(s10, a, w0);
      if (U > 1) s11 = multiplyAdd(s11, a, w1);
      a = v128.load(x2);
      s20 = multiplyAdd(s20, a, w0);
      if (U > 1) s21 = multiplyAdd(s21, a, w1);
      a = v128.load(x3);
      s30 = multiplyAdd(s30, a, w0);
      if (U > 1) s31 = multiplyAdd(s31, a, w1);
      x1 += 16;
      x2 += 16;
      x3 += 16;
    }
    x += 16;
    w += stride;
  } while (x < end);
  v128.store(out, f32x4.pmax(s00, floor));
  if (U > 1) v128.store(out, f32x4.pmax(s01, floor), 16);
  if (P > 1) {
    v128.store(o1, f32x4.pmax(s10, floor));
    v128.store(o2, f32x4.pmax(s20, floor));
    v128.store(o3, f32x4.pmax(s30, floor));
    if (U > 1) {
      v128.store(o1, f32x4.pmax(s11, floor), 16);
      v128.store(o2, f32x4.pmax(s21, floor), 16);
      v128.store(o3, f32x4.pmax(s31, floor), 16);
    }
  }
}

/** P points against a panel of weights [rows][columns]: `columns` of the units. */
// @ts-ignore: decorator
@inline
function pointBlock(P: i32, x: usize, inputs: i32, w: usize, stride: usize, rows: i32, columns: i32, units: i32, out: usize, bias: usize, continues: bool, floor: v128): void {
  let u = 0;
  for (; u + 1 < columns; u += 2) {
    let offset = <usize>u << 4;
    tile(P, 2, x, inputs, w + offset, stride, rows, units, out + offset, bias ? bias + offset : 0, continues, floor);
  }
  if (u < columns) {
    let offset = <usize>u << 4;
    tile(P, 1, x, inputs, w + offset, stride, rows, units, out + offset, bias ? bias + offset : 0, continues, floor);
  }
}

/**
 * Adds the product with a panel of weights, rows [row, row + rows) and `columns` columns at `w`, to as many units at `out`; the first rows start from the bias, the
 * last ones activate.
 */
function panel(x: usize, inputs: i32, points: i32, w: usize, stride: usize, row: i32, rows: i32, columns: i32, units: i32, out: usize, bias: usize, code: i32, parameter: f32): void {
  let continues = row > 0;
  let last = row + rows == inputs;
  let floor = f32x4.splat(last && code == RELU ? 0 : -Infinity);
  let activates = last && code != RELU && code != LINEAR;
  let xs = <usize>inputs << 4;
  let os = <usize>units << 4;
  x += <usize>row << 4;
  let p = 0;
  for (; p + 3 < points; p += 4) {
    pointBlock(4, x, inputs, w, stride, rows, columns, units, out, bias, continues, floor);
    if (activates) for (let k: usize = 0; k < 4; k++) activate(out + k * os, columns, code, parameter);
    x += xs << 2;
    out += os << 2;
  }
  for (; p < points; p++) {
    pointBlock(1, x, inputs, w, stride, rows, columns, units, out, bias, continues, floor);
    if (activates) activate(out, columns, code, parameter);
    x += xs;
    out += os;
  }
}

// @ts-ignore: decorator
@inline
function panelRows(inputs: i32, columns: i32): i32 {
  return min(inputs, PANEL / columns);
}

/** Vectors of scratch that `dense` and `denseWith` need: a panel with room for whole blocks at both ends. */
export function panelVectors(inputs: i32, units: i32): i32 {
  let columns = panelColumns(inputs, units);
  return panelRows(inputs, columns) * rowVectors(columns, units) + 6;
}

/** Draws rows [row, row + rows) of columns [column, column + columns) of the weights; returns where they lie, `rowVectors` apart. */
function drawPanel(streams: usize, law: i32, scale: f32, row: i32, rows: i32, column: i32, columns: i32, units: i32, stride: usize, scratch: usize): usize {
  if (<usize>units << 4 == stride) return drawLanes(streams, law, <u64>row * units, rows * units, scratch, scale);
  drawRows(streams, law, <u64>row * units + column, units, rows, columns, scratch, stride, scale);
  return scratch;
}

/**
 * out = activation(x W + bias): x [points][inputs][4], out [points][units][4], bias [units][4] or 0 for none. Weight (i, j) of lane k is draw
 * i units + j of lane k's stream, times `scale`. `scratch` has room for `panelVectors` vectors.
 */
export function dense(x: usize, inputs: i32, points: i32, streams: usize, law: i32, scale: f32, units: i32, bias: usize, out: usize, code: i32, parameter: f32, scratch: usize): void {
  let most = panelColumns(inputs, units);
  let stride = <usize>rowVectors(most, units) << 4;
  let rows = panelRows(inputs, most);
  for (let column = 0; column < units; column += most) {
    let columns = min(most, units - column);
    let offset = <usize>column << 4;
    for (let row = 0; row < inputs; row += rows) {
      let some = min(rows, inputs - row);
      let w = drawPanel(streams, law, scale, row, some, column, columns, units, stride, scratch);
      panel(x, inputs, points, w, stride, row, some, columns, units, out + offset, bias ? bias + offset : 0, code, parameter);
    }
  }
}

/** The same with given weights [inputs][units][4]. */
export function denseWith(x: usize, inputs: i32, points: i32, weights: usize, units: i32, bias: usize, out: usize, code: i32, parameter: f32, scratch: usize): void {
  let most = panelColumns(inputs, units);
  let rows = panelRows(inputs, most);
  let length = <usize>units << 4;
  let copies = rowVectors(most, units) != units && points >= 16;
  let stride = copies ? <usize>rowVectors(most, units) << 4 : length;
  for (let column = 0; column < units; column += most) {
    let columns = min(most, units - column);
    let offset = <usize>column << 4;
    for (let row = 0; row < inputs; row += rows) {
      let some = min(rows, inputs - row);
      let w = weights + <usize>row * length + offset;
      if (copies) {
        for (let r = 0; r < some; r++) memory.copy(scratch + <usize>r * stride, w + <usize>r * length, <usize>columns << 4);
        w = scratch;
      }
      panel(x, inputs, points, w, stride, row, some, columns, units, out + offset, bias ? bias + offset : 0, code, parameter);
    }
  }
}
