import { addProduct, ShapeError } from "@sonde/core";
import type { LayerKind } from "../layer-kind.js";
import { count, type Tensor } from "../tensor.js";
import { product, turned } from "./product.js";
import { assembled, placed, tapTable, type WindowAxis, type WindowOptions, windowAxes } from "./windows.js";

/** A convolution (cross-correlation): y[w, o] = b[o] + sum over taps t and channels c of the group of x[t(w), c] W[t, c, o]. */
export interface ConvLayer extends WindowOptions {
  readonly kind: "conv";
  readonly channels: number;
  /** Taps along each axis. */
  readonly kernel: readonly number[];
  /** Channels see only those of their own group; as many groups as channels are a depthwise convolution. Default 1. */
  readonly groups?: number;
}

/** Values of windows that are held at a time. */
const held = 2 ** 22;

/** Weights are `[channels, inputs / groups, ...kernel]` where channels come first, else `[...kernel, inputs / groups, channels]`. */
export const conv: LayerKind<ConvLayer> = {
  shape(layer, [input]) {
    const from = placed(input, layer, layer.kernel.length);
    const { groups = 1, channels } = layer;
    if (from.channels % groups !== 0 || channels % groups !== 0)
      throw new ShapeError(
        `${groups} groups need channels that they divide, got ${from.channels} in and ${channels} out: change groups or channels`,
      );
    const axes = windowAxes(from.sizes, layer.kernel, layer);
    return assembled({ points: from.points, channels, sizes: axes.map(({ windows }) => windows) }, layer);
  },
  weights({ kernel, channels, groups = 1, channelsFirst, ...layer }, [input]) {
    const inputs = placed(input, { channelsFirst, ...layer }).channels / groups;
    const fans = { kernel, inputs, outputs: channels };
    return {
      weight: channelsFirst
        ? { shape: [channels, inputs, ...kernel], begin: { kind: "weights", fans, layout: "inputs-last" } }
        : { shape: [...kernel, inputs, channels], begin: { kind: "weights", fans, layout: "outputs-last" } },
      bias: { shape: [channels], begin: { kind: "bias", fans } },
    };
  },
  forward(layer, [x], { weight, bias }) {
    const sizes = sizesOf(layer, x);
    const { points, inputs, outputs, groups, field, windows } = sizes;
    const kernel = weight?.values();
    const out = new Float64Array(points * windows * outputs);
    if (bias) addBias(out, bias.values(), layer.channelsFirst ? windows : 1);
    const [ins, outs] = [inputs / groups, outputs / groups];
    // Windows are laid out a few at a time: all those of a large image would take more room than the image.
    const row = sizes.axes.length === 2 && layer.channelsFirst ? sizes.axes[1].windows : 1;
    const most = Math.max(row, row * Math.floor(held / (ins * field * row)));
    // One room for all of them: memory that is touched for the first time is slow.
    const room = new Float64Array(Math.min(most, windows) * ins * field);
    if (kernel)
      for (let p = 0; p < points; p++) {
        const values = x.data.subarray(p * sizes.positions * inputs, (p + 1) * sizes.positions * inputs);
        const result = out.subarray(p * windows * outputs, (p + 1) * windows * outputs);
        for (let g = 0; g < groups; g++)
          for (let first = 0; first < windows; first += most) {
            const some = Math.min(most, windows - first);
            const seen = windowsOf(values, layer, sizes, g, [first, some], room);
            if (layer.channelsFirst) {
              const own = kernel.subarray(g * outs * ins * field, (g + 1) * outs * ins * field);
              const to = result.subarray(g * outs * windows, (g + 1) * outs * windows);
              if (outs === 1) addRow(own, seen, to.subarray(first, first + some));
              else if (some === windows) addProduct(own, seen, to, [outs, ins * field, windows]);
              else {
                const part = product(own, seen, [outs, ins * field, some]);
                for (let o = 0; o < outs; o++) for (let w = 0; w < some; w++) to[o * windows + first + w] += part[o * some + w];
              }
            } else if (groups === 1)
              addProduct(seen, kernel, result.subarray(first * outputs, (first + some) * outputs), [some, ins * field, outs]);
            else {
              const part = product(seen, columnsOf(kernel, outputs, g * outs, outs), [some, ins * field, outs]);
              for (let w = 0; w < some; w++)
                for (let o = 0; o < outs; o++) result[(first + w) * outputs + g * outs + o] += part[w * outs + o];
            }
          }
      }
    return { shape: conv.shape(layer, [x.shape]), data: out };
  },
  gradient(layer, { inputs: [x], weights: { weight, bias }, error }) {
    const sizes = sizesOf(layer, x);
    const { points, inputs, outputs, groups, field, windows, positions } = sizes;
    const [ins, outs] = [inputs / groups, outputs / groups];
    const span = ins * field;
    const kernel = weight?.values() ?? new Float64Array(outputs * span);
    const dx = new Float64Array(x.data.length);
    const dw = new Float64Array(outputs * span);
    for (let p = 0; p < points; p++) {
      const from = p * positions * inputs;
      const values = x.data.subarray(from, from + positions * inputs);
      const back = dx.subarray(from, from + positions * inputs);
      for (let g = 0; g < groups; g++) {
        const seen = windowsOf(values, layer, sizes, g);
        if (layer.channelsFirst) {
          const dy = error.data.subarray((p * outputs + g * outs) * windows, (p * outputs + (g + 1) * outs) * windows);
          const own = kernel.subarray(g * outs * span, (g + 1) * outs * span);
          addProduct(dy, seen, dw.subarray(g * outs * span, (g + 1) * outs * span), [outs, windows, span], { transposed: true });
          scatterWindows(product(turned(own, outs, span), dy, [span, outs, windows]), back, layer, sizes, g);
        } else {
          const dy = columnsOf(error.data.subarray(p * windows * outputs, (p + 1) * windows * outputs), outputs, g * outs, outs);
          const own = columnsOf(kernel, outputs, g * outs, outs);
          const part = product(turned(seen, windows, span), dy, [span, windows, outs]);
          for (let k = 0; k < span; k++) for (let o = 0; o < outs; o++) dw[k * outputs + g * outs + o] += part[k * outs + o];
          scatterWindows(product(dy, own, [windows, outs, span], { transposed: true }), back, layer, sizes, g);
        }
      }
    }
    const specs = conv.weights?.(layer, [x.shape]);
    const byBias = new Float64Array(outputs);
    const step = layer.channelsFirst ? windows : 1;
    for (let k = 0; k < error.data.length; k++) byBias[Math.floor(k / step) % outputs] += error.data[k];
    return {
      inputs: [{ shape: x.shape, data: dx }],
      weights: {
        weight: { shape: specs?.weight.shape ?? [], data: dw },
        ...(bias && { bias: { shape: [outputs], data: byBias } }),
      },
    };
  },
  work: ({ kernel, groups = 1, ...layer }, [input], output) =>
    count(output) * count(kernel) * (placed(input, layer).channels / groups),
};

interface Sizes {
  readonly points: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly groups: number;
  /** Taps of a window. */
  readonly field: number;
  readonly windows: number;
  readonly positions: number;
  readonly taps: Int32Array;
  readonly axes: readonly WindowAxis[];
}

function sizesOf(layer: ConvLayer, { shape }: Tensor): Sizes {
  const from = placed(shape, layer, layer.kernel.length);
  const axes = windowAxes(from.sizes, layer.kernel, layer);
  const { taps, size } = tapTable(axes);
  return {
    points: from.points,
    inputs: from.channels,
    outputs: layer.channels,
    groups: layer.groups ?? 1,
    field: size,
    windows: taps.length / size,
    positions: count(from.sizes),
    taps,
    axes,
  };
}

/** What some windows of a group see: with channels first `[channels, taps, windows]`, else `[windows, taps, channels]`. */
function windowsOf(
  x: Float64Array,
  { channelsFirst }: ConvLayer,
  sizes: Sizes,
  group: number,
  [first, some]: readonly [first: number, some: number] = [0, sizes.windows],
  room?: Float64Array,
): Float64Array {
  const { inputs, groups, field, windows, positions, taps, axes } = sizes;
  const ins = inputs / groups;
  // A window of one tap at every position sees the values as they lie.
  if (field === 1 && windows === positions && taps[0] === 0 && taps[windows - 1] === windows - 1) {
    if (channelsFirst && some === windows) return x.subarray(group * ins * positions, (group + 1) * ins * positions);
    if (!channelsFirst && groups === 1) return x.subarray(first * inputs, (first + some) * inputs);
  }
  const seen = room ? room.subarray(0, ins * field * some).fill(0) : new Float64Array(ins * field * some);
  if (channelsFirst) {
    const [height, width] = axes.length === 2 ? axes : [];
    for (let c = 0; c < ins; c++) {
      const from = (group * ins + c) * positions;
      for (let t = 0; t < field; t++) {
        const to = (c * field + t) * some;
        if (height && first % width.windows === 0 && some % width.windows === 0)
          copyRows(x, from, seen, to, { height, width, tap: t, first, some });
        else
          for (let w = 0, at = first * field + t; w < some; w++, at += field) {
            const tap = taps[at];
            if (tap >= 0) seen[to + w] = x[from + tap];
          }
      }
    }
    return seen;
  }
  for (let w = 0; w < some * field; w++) {
    const tap = taps[first * field + w];
    if (tap < 0) continue;
    const from = tap * inputs + group * ins;
    if (ins > 16) seen.set(x.subarray(from, from + ins), w * ins);
    else for (let c = 0; c < ins; c++) seen[w * ins + c] = x[from + c];
  }
  return seen;
}

interface Rows {
  readonly height: WindowAxis;
  readonly width: WindowAxis;
  readonly tap: number;
  readonly first: number;
  readonly some: number;
}

/** What one tap of whole rows of windows sees of an image; what lies beyond it stays 0. */
function copyRows(
  x: Float64Array,
  from: number,
  seen: Float64Array,
  to: number,
  { height, width, tap, first, some }: Rows,
): void {
  const down = Math.floor(tap / width.kernel) * height.dilation - height.before;
  const across = (tap % width.kernel) * width.dilation - width.before;
  const { stride } = width;
  const low = Math.max(0, Math.ceil(-across / stride));
  const high = Math.min(width.windows, Math.floor((width.length - 1 - across) / stride) + 1);
  for (let r = 0; r < some / width.windows; r++) {
    const position = (first / width.windows + r) * height.stride + down;
    if (position < 0 || position >= height.length) continue;
    const start = from + position * width.length + across;
    const out = to + r * width.windows;
    for (let w = low; w < high; w++) seen[out + w] = x[start + w * stride];
  }
}

/** The transpose of `windowsOf`: adds what windows saw to where they saw it. */
function scatterWindows(seen: Float64Array, x: Float64Array, { channelsFirst }: ConvLayer, sizes: Sizes, group: number): void {
  const { inputs, groups, field, windows, positions, taps } = sizes;
  const ins = inputs / groups;
  for (let w = 0; w < windows; w++)
    for (let t = 0; t < field; t++) {
      const tap = taps[w * field + t];
      if (tap < 0) continue;
      for (let c = 0; c < ins; c++)
        if (channelsFirst) x[(group * ins + c) * positions + tap] += seen[(c * field + t) * windows + w];
        else x[tap * inputs + group * ins + c] += seen[(w * field + t) * ins + c];
    }
}

/** A single row times a matrix, as depthwise convolutions have it. */
function addRow(row: ArrayLike<number>, matrix: Float64Array, out: Float64Array): void {
  const width = out.length;
  for (let k = 0; k < row.length; k++) {
    const factor = row[k];
    for (let w = 0, at = k * width; w < width; w++, at++) out[w] += factor * matrix[at];
  }
}

function columnsOf(matrix: ArrayLike<number>, cols: number, start: number, some: number): Float64Array {
  if (some === cols && matrix instanceof Float64Array) return matrix;
  const rows = matrix.length / cols;
  const result = new Float64Array(rows * some);
  for (let r = 0; r < rows; r++) for (let c = 0; c < some; c++) result[r * some + c] = matrix[r * cols + start + c];
  return result;
}

/** Adds to every channel its bias; neighbouring channels are `step` values apart. */
export function addBias(out: Float64Array, bias: ArrayLike<number>, step: number): void {
  const channels = bias.length;
  for (let k = 0; k < out.length; k += step) {
    const shift = bias[(k / step) % channels];
    for (let s = 0; s < step; s++) out[k + s] += shift;
  }
}
