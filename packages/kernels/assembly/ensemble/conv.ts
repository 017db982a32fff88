// Convolutions without building the rows of windows: a table says where every tap of a window reads.
import { activate, LINEAR, RELU, relu } from "./activation";
import { drawLanes } from "./draws";

/** Rows of weights that are made and used together, about 64 KiB: whole taps of all channels, or part of one tap's. */
// @ts-ignore: decorator
@inline
function panelRows(channels: i32, taps: i32, units: i32): i32 {
  let rows = max(1, 4096 / units);
  return rows < channels ? rows : min(rows / channels, taps) * channels;
}

/** Vectors from one row of a panel to the next: rows a multiple of 1 KiB apart would share few sets of the cache, so those get a gap. */
// @ts-ignore: decorator
@inline
function rowVectors(units: i32): i32 {
  return units & 63 ? units : units + 4;
}

/** Vectors of scratch that `conv` and `convWith` need: zeros of all channels, where four windows' taps lie, a panel. */
export function convVectors(channels: i32, taps: i32, units: i32): i32 {
  return channels + taps + panelRows(channels, taps, units) * rowVectors(units) + 6;
}

// @ts-ignore: decorator
@inline
function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
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
    while (x < end) {
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
    }
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

/** All units of P windows. */
// @ts-ignore: decorator
@inline
function windowBlock(P: i32, sources: usize, taps: i32, channels: i32, w: usize, stride: usize, units: i32, out: usize, bias: usize, continues: bool, rectify: bool): void {
  let row = <usize>units << 4;
  let u = 0;
  for (; u + 1 < units; u += 2) {
    let offset = <usize>u << 4;
    tile(P, 2, sources, taps, channels, w + offset, stride, out + offset, row, bias ? bias + offset : 0, continues, rectify);
  }
  if (u < units) {
    let offset = <usize>u << 4;
    tile(P, 1, sources, taps, channels, w + offset, stride, out + offset, row, bias ? bias + offset : 0, continues, rectify);
  }
}

/** The panel's weights at `scratch`, rows [row, row + rows); returns where the first one lies. */
// @ts-ignore: decorator
@inline
function fillPanel(weights: usize, random: bool, law: i32, scale: f32, row: i32, rows: i32, units: i32, scratch: usize): usize {
  let length = <usize>units << 4;
  let stride = <usize>rowVectors(units) << 4;
  if (random && stride == length) return drawLanes(weights, law, <u64>row * units, rows * units, scratch, scale);
  for (let r = 0; r < rows; r++) {
    let to = scratch + <usize>r * stride;
    if (random) drawLanes(weights, law, <u64>(row + r) * units, units, to, scale);
    else memory.copy(to, weights + <usize>(row + r) * length, length);
  }
  return scratch;
}

// @ts-ignore: decorator
@inline
function run(x: usize, points: i32, positions: i32, channels: i32, windows: i32, taps: i32, table: usize, weights: usize, random: bool, law: i32, scale: f32, units: i32, bias: usize, out: usize, code: i32, parameter: f32, scratch: usize): void {
  let channelBytes = <usize>channels << 4;
  let sources = scratch + channelBytes;
  let panel = sources + (<usize>taps << 4);
  memory.fill(scratch, 0, channelBytes);
  let stride = <usize>rowVectors(units) << 4;
  let rows = panelRows(channels, taps, units);
  let total = points * windows;
  let outputs = <usize>units << 4;
  for (let row = 0; row < channels * taps;) {
    let tap = row / channels, channel = row % channels;
    let someChannels = min(rows, channels - channel);
    let someTaps = max(1, min(rows / channels, taps - tap));
    let some = someTaps * someChannels;
    let w = fillPanel(weights, random, law, scale, row, some, units, panel);
    let continues = row > 0;
    let last = row + some == channels * taps;
    let rectify = last && code == RELU;
    let activates = last && code != RELU && code != LINEAR;
    for (let r = 0; r < total; r += 4) {
      let block = min(4, total - r);
      for (let k = 0; k < block; k++) {
        let values = x + <usize>((r + k) / windows) * <usize>positions * channelBytes;
        let from = table + (<usize>((r + k) % windows * taps + tap) << 2);
        for (let t = 0; t < someTaps; t++) {
          let position = load<i32>(from + (t << 2));
          let source = position < 0 ? scratch : values + <usize>position * channelBytes;
          store<u32>(sources + (t << 4) + (k << 2), <u32>source + (channel << 4));
        }
      }
      let y = out + <usize>r * outputs;
      if (block == 4) windowBlock(4, sources, someTaps, someChannels, w, stride, units, y, bias, continues, rectify);
      else for (let k = 0; k < block; k++) windowBlock(1, sources + (k << 2), someTaps, someChannels, w, stride, units, y + <usize>k * outputs, bias, continues, rectify);
      if (activates) activate(y, block * units, code, parameter);
    }
    row += some;
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
