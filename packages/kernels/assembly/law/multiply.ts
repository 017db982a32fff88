import { LINEAR, RELU } from "../ensemble/activation";
import { activate, relu } from "./activation";

// @ts-ignore: decorator
@inline
function plus(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b));
}

/** scale sum + bias. */
// @ts-ignore: decorator
@inline
function finish(out: usize, s01: v128, s23: v128, scale: v128, bias: usize, rectify: bool): void {
  s01 = f64x2.mul(s01, scale);
  s23 = f64x2.mul(s23, scale);
  if (bias) {
    s01 = f64x2.add(s01, v128.load(bias));
    s23 = f64x2.add(s23, v128.load(bias, 16));
  }
  v128.store(out, rectify ? relu(s01) : s01);
  v128.store(out, rectify ? relu(s23) : s23, 16);
}

/**
 * A tile of P points x U units (1 or 2 each): scale sum_k r[p][k] g[k][u] + bias. `r`, `rNext` are the points' rows of coordinates, read at the `count`
 * byte offsets `columns` (u32); the rows of g are `stride` bytes apart, those of out `outRow`. P and U are constants after inlining.
 */
// @ts-ignore: decorator
@inline
function tile(P: i32, U: i32, r: usize, rNext: usize, columns: usize, count: i32, g: usize, stride: usize, scale: v128, bias: usize, out: usize, outRow: usize, rectify: bool): void {
  let zero = f64x2.splat(0);
  let a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero, d0 = zero, d1 = zero;
  for (let end = columns + (count << 2); columns < end; columns += 4, g += stride) {
    let column: usize = load<u32>(columns);
    let r0 = v128.load(r + column), r1 = v128.load(r + column, 16);
    let g0 = v128.load(g), g1 = v128.load(g, 16);
    a0 = plus(a0, r0, g0);
    a1 = plus(a1, r1, g1);
    let h0 = zero, h1 = zero;
    if (U > 1) {
      h0 = v128.load(g, 32);
      h1 = v128.load(g, 48);
      b0 = plus(b0, r0, h0);
      b1 = plus(b1, r1, h1);
    }
    if (P > 1) {
      r0 = v128.load(rNext + column);
      r1 = v128.load(rNext + column, 16);
      c0 = plus(c0, r0, g0);
      c1 = plus(c1, r1, g1);
      if (U > 1) {
        d0 = plus(d0, r0, h0);
        d1 = plus(d1, r1, h1);
      }
    }
  }
  let next = bias ? bias + 32 : 0;
  finish(out, a0, a1, scale, bias, rectify);
  if (U > 1) finish(out + 32, b0, b1, scale, next, rectify);
  if (P > 1) {
    out += outRow;
    finish(out, c0, c1, scale, bias, rectify);
    if (U > 1) finish(out + 32, d0, d1, scale, next, rectify);
  }
}

/** `some` units of P points. */
// @ts-ignore: decorator
@inline
function pointBlock(P: i32, r: usize, rNext: usize, columns: usize, count: i32, g: usize, stride: usize, some: i32, scale: v128, bias: usize, out: usize, outRow: usize, rectify: bool): void {
  let u = 0;
  for (; u + 1 < some; u += 2) {
    let offset = <usize>u << 5;
    tile(P, 2, r, rNext, columns, count, g + offset, stride, scale, bias ? bias + offset : 0, out + offset, outRow, rectify);
  }
  if (u < some) {
    let offset = <usize>u << 5;
    tile(P, 1, r, rNext, columns, count, g + offset, stride, scale, bias ? bias + offset : 0, out + offset, outRow, rectify);
  }
}

/**
 * Units [0, some) of out [points][units][4] = activation(scale R G + bias), float64. R [points][points][4] are coordinates, of which the `directions`
 * columns with ascending byte offsets `columns` are not 0; `g`, `bias` and `out` point to the first of the units, the rows of g are `stride` bytes apart.
 */
export function multiply(r: usize, points: i32, columns: usize, directions: i32, g: usize, stride: usize, some: i32, scale: f64, bias: usize, out: usize, units: i32, code: i32, parameter: f64): void {
  let factor = f64x2.splat(scale);
  let row = <usize>points << 5;
  let outRow = <usize>units << 5;
  let rectify = code == RELU;
  let activates = code != RELU && code != LINEAR;
  // Point p has components along the directions of the points up to itself alone.
  let count = 0;
  let p = 0;
  for (; p + 1 < points; p += 2) {
    while (count < directions && load<u32>(columns + (count << 2)) <= <u32>(p + 1) << 5) count++;
    pointBlock(2, r, r + row, columns, count, g, stride, some, factor, bias, out, outRow, rectify);
    if (activates) {
      activate(out, some, code, parameter);
      activate(out + outRow, some, code, parameter);
    }
    r += row << 1;
    out += outRow << 1;
  }
  if (p < points) {
    pointBlock(1, r, r, columns, directions, g, stride, some, factor, bias, out, outRow, rectify);
    if (activates) activate(out, some, code, parameter);
  }
}

/** Adds the bias [units][4] to the rows of values [rows][units][4]. */
export function addBias(values: usize, rows: i32, units: i32, bias: usize): void {
  let length = <usize>units << 5;
  for (let row = 0; row < rows; row++)
    for (let end = values + length, b = bias; values < end; values += 16, b += 16) v128.store(values, f64x2.add(v128.load(values), v128.load(b)));
}
