// Convolutions without building the rows of windows: a table says where every tap of a window reads.
import { activate, LINEAR, RELU, relu } from "./activation";
import { drawLanes, drawRows } from "./draws";
import { multiplyAdd } from "./float";
import { PANEL, panelColumns, wholeLines } from "./panels";

/** Rows of a panel: whole taps of all channels, or part of one tap's. */
function panelRows(channels: i32, taps: i32, columns: i32): i32 {
  let rows = PANEL / columns;
  return rows < channels ? rows : min(rows / channels, taps) * channels;
}

/** Vectors from one row of a panel to the next: rows a multiple of 512 bytes apart would share few sets of the cache, so those get a gap. */
// @ts-ignore: decorator
@inline
function rowVectors(columns: i32): i32 {
  return columns & 31 ? columns : columns + 4;
}

/** Vectors of scratch that `conv` and `convWith` need: zeros of all channels, where four windows' taps lie, a panel. */
export function convVectors(channels: i32, taps: i32, units: i32): i32 {
  let columns = panelColumns(channels * taps, units);
  return wholeLines(channels) + wholeLines(taps) + panelRows(channels, taps, columns) * rowVectors(columns) + 6;
}

// @ts-ignore: decorator
@inline
function start(out: usize, bias: usize, continues: bool): v128 {
  return continues ? v128.load(out) : bias ? v128.load(bias) : f32x4.splat(0);
}

// @ts-ignore: decorator
@inline
function finish(out: usize, sum: v128, rectify: bool): void {
  v128.store(out, rectify ? relu(sum) : sum);
}

/**
 * A tile of P windows x U units (P = 1 or 4, U = 1 or 2): out[p][u] = start + sum over taps and the next `channels` channels of x w. `sources` holds for every tap the
 * addresses of four windows' first channel; `w`, `out`, `bias` point to the tile's first entries, `row` and `stride` are the bytes of a row of out and w.
 */
// @ts-ignore: decorator
@inline
function tile(P: i32, U: i32, sources: usize, taps: i32, channels: i32, w: usize, stride: usize, out: usize, row: usize, bias: usize, continues: bool, rectify: bool): void {
  let bias1 = bias ? bias + 16 : 0;
  let o1 = out + row, o2 = o1 + row, o3 = o2 + row;
  let s00 = start(out, bias, continues), s01 = s00;
  let s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  if (U > 1) s01 = start(out + 16, bias1, continues);
  if (P > 1) {
    s10 = start(o1, bias, continues);
    s20 = start(o2, bias, continues);
    s30 = start(o3, bias, continues);
    if (U > 1) {
      s11 = start(o1 + 16, bias1, continues);
      s21 = start(o2 + 16, bias1, continues);
      s31 = start(o3 + 16, bias1, continues);
    }
  }
  for (let last = sources + (<usize>taps << 4); sources < last; sources += 16) {
    let x = <usize>load<u32>(sources), x1 = <usize>load<u32>(sources, 4);
    let x2 = <usize>load<u32>(sources, 8), x3 = <usize>load<u32>(sources, 12);
    let end = x + (<usize>channels << 4);
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
  }
  finish(out, s00, rectify);
  if (U > 1) finish(out + 16, s01, rectify);
  if (P > 1) {
    finish(o1, s10, rectify);
    finish(o2, s20, rectify);
    finish(o3, s30, rectify);
    if (U > 1) {
      finish(o1 + 16, s11, rectify);
      finish(o2 + 16, s21, rectify);
      finish(o3 + 16, s31, rectify);
    }
  }
}

/** The units of P windows that a panel makes; `row` is the bytes of a window's units. */
// @ts-ignore: decorator
@inline
function windowBlock(P: i32, sources: usize, taps: i32, channels: i32, w: usize, stride: usize, columns: i32, out: usize, row: usize, bias: usize, continues: bool, rectify: bool): void {
  let u = 0;
  for (; u + 1 < columns; u += 2) {
    let offset = <usize>u << 4;
    tile(P, 2, sources, taps, channels, w + offset, stride, out + offset, row, bias ? bias + offset : 0, continues, rectify);
  }
  if (u < columns) {
    let offset = <usize>u << 4;
    tile(P, 1, sources, taps, channels, w + offset, stride, out + offset, row, bias ? bias + offset : 0, continues, rectify);
  }
}

/** Rows [row, row + rows) and columns [column, column + columns) of the weights, drawn or given; returns where they lie, `stride` apart. */
// @ts-ignore: decorator
@inline
function fillPanel(weights: usize, random: bool, law: i32, scale: f32, row: i32, rows: i32, column: i32, columns: i32, units: i32, stride: usize, scratch: usize): usize {
  if (random && <usize>units << 4 == stride) return drawLanes(weights, law, <u64>row * units, rows * units, scratch, scale);
  let first = <u64>row * units + column;
  if (random) drawRows(weights, law, first, units, rows, columns, scratch, stride, scale);
  else
    for (let r = 0, from = weights + (<usize>first << 4), to = scratch; r < rows; r++, from += <usize>units << 4, to += stride)
      memory.copy(to, from, <usize>columns << 4);
  return scratch;
}

/** Where the taps [tap, tap + taps) of the windows [first, first + count) read, from one channel on: [taps][4] addresses. */
function locate(x: usize, positions: i32, channels: i32, channel: i32, windows: i32, table: usize, tableTaps: i32, tap: i32, taps: i32, first: i32, count: i32, zeros: usize, sources: usize): void {
  let bytes = <usize>channels << 4;
  let offset = <usize>channel << 4;
  for (let k = 0; k < count; k++) {
    let values = x + <usize>((first + k) / windows) * <usize>positions * bytes;
    let entry = table + (<usize>((first + k) % windows * tableTaps + tap) << 2);
    for (let t = 0, to = sources + (k << 2); t < taps; t++, to += 16, entry += 4) {
      let position = load<i32>(entry);
      store<u32>(to, <u32>(position < 0 ? zeros : values + <usize>position * bytes + offset));
    }
  }
}

/** All windows against a panel: taps [tap, tap + taps) of all, and of each the `some` channels from `channel` on. Where `continues`, the sums go on from what is in `y`. */
function windowPanel(x: usize, positions: i32, channels: i32, channel: i32, windows: i32, total: i32, table: usize, tableTaps: i32, tap: i32, taps: i32, some: i32, w: usize, stride: usize, columns: i32, y: usize, outputs: usize, bias: usize, continues: bool, code: i32, parameter: f32, zeros: usize, sources: usize): void {
  let rectify = code == RELU;
  let activates = code != RELU && code != LINEAR;
  for (let first = 0; first < total; first += 4) {
    let count = min(4, total - first);
    locate(x, positions, channels, channel, windows, table, tableTaps, tap, taps, first, count, zeros, sources);
    if (count == 4) windowBlock(4, sources, taps, some, w, stride, columns, y, outputs, bias, continues, rectify);
    else for (let k = 0; k < count; k++) windowBlock(1, sources + (k << 2), taps, some, w, stride, columns, y + <usize>k * outputs, outputs, bias, continues, rectify);
    for (let k = 0; k < count; k++, y += outputs) if (activates) activate(y, columns, code, parameter);
  }
}

// @ts-ignore: decorator
@inline
function run(x: usize, points: i32, positions: i32, channels: i32, windows: i32, taps: i32, table: usize, weights: usize, random: bool, law: i32, scale: f32, units: i32, bias: usize, out: usize, code: i32, parameter: f32, scratch: usize): void {
  let zeros = scratch;
  let sources = zeros + (<usize>wholeLines(channels) << 4);
  let panel = sources + (<usize>wholeLines(taps) << 4);
  memory.fill(zeros, 0, <usize>channels << 4);
  let most = panelColumns(channels * taps, units);
  let stride = <usize>rowVectors(most) << 4;
  let rows = panelRows(channels, taps, most);
  let fanIn = channels * taps, total = points * windows;
  let outputs = <usize>units << 4;
  for (let column = 0; column < units; column += most) {
    let columns = min(most, units - column);
    let b = bias ? bias + (<usize>column << 4) : 0;
    let someTaps = 0, someChannels = 0;
    for (let row = 0; row < fanIn; row += someTaps * someChannels) {
      let tap = row / channels, channel = row % channels;
      someTaps = max(1, min(rows / channels, taps - tap));
      someChannels = min(rows, channels - channel);
      let some = someTaps * someChannels;
      let w = fillPanel(weights, random, law, scale, row, some, column, columns, units, stride, panel);
      let last = row + some == fanIn;
      let y = out + (<usize>column << 4);
      windowPanel(x, positions, channels, channel, windows, total, table, taps, tap, someTaps, someChannels, w, stride, columns, y, outputs, b, row > 0, last ? code : LINEAR, parameter, zeros, sources);
    }
  }
}

/**
 * out = activation(bias + sum over taps t and channels c of x[p, table(w, t), c] W[t, c]): x [points][positions][channels][4], table i32 [windows][taps] (-1: zeros),
 * out [points][windows][units][4]. Weight (t channels + c, j) of lane k is draw (t channels + c) units + j of its stream, times `scale`. `scratch` has room for
 * `convVectors` vectors.
 */
export function conv(x: usize, points: i32, positions: i32, channels: i32, windows: i32, taps: i32, table: usize, streams: usize, law: i32, scale: f32, units: i32, bias: usize, out: usize, code: i32, parameter: f32, scratch: usize): void {
  run(x, points, positions, channels, windows, taps, table, streams, true, law, scale, units, bias, out, code, parameter, scratch);
}

/** The same with given weights [taps][channels][units][4]. */
export function convWith(x: usize, points: i32, positions: i32, channels: i32, windows: i32, taps: i32, table: usize, weights: usize, units: i32, bias: usize, out: usize, code: i32, parameter: f32, scratch: usize): void {
  run(x, points, positions, channels, windows, taps, table, weights, false, 0, 0, units, bias, out, code, parameter, scratch);
}
