import { addProduct, matrix, multiplyByTransposed } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import type { Layer } from "../architecture.js";
import { dense } from "./dense.js";
import type { Operator, Points } from "./operator.js";
import { type Windows, windows } from "./windows.js";

/** Values of windows that are held at a time: they stay in the cache, and a fresh page of memory costs as much as the product. */
const held = 2 ** 17;

/**
 * A convolution (cross-correlation, the kernel is not flipped) as a dense layer on the windows:
 * y[p, w, :] = b + sum over taps t of x[p, position(w, t), :] W[t, :, :].
 */
export function conv(parameters: LayerParameters, layer: Layer & { kind: "conv" }, input: readonly number[]): Operator {
  const { weights, bias } = parameters;
  const channels = input[input.length - 1];
  const seen = convWindows(layer, input);
  const count = seen.taps.length / seen.size;
  const runs = runsOf(seen, channels);
  const flat = (dy: Points): Points => matrix(dy.data.length / weights.cols, weights.cols, dy.data);
  /** The product of the windows and the weights, some points at a time. */
  const product = (x: Points): Points => {
    const y = matrix(x.rows, count * weights.cols);
    const each = Math.max(1, Math.min(x.rows, Math.floor(held / (count * weights.rows))));
    const rows = new Float64Array(each * count * weights.rows);
    for (let start = 0; start < x.rows; start += each) {
      const some = Math.min(each, x.rows - start);
      for (let p = 0; p < some; p++) copyWindows(x, start + p, runs, rows, p * count * weights.rows);
      const out = y.data.subarray(start * y.cols, (start + some) * y.cols);
      addProduct(rows.subarray(0, some * count * weights.rows), weights.data, out, [some * count, weights.rows, weights.cols]);
    }
    return y;
  };
  return {
    forward: (x) => {
      const y = product(x);
      for (let i = 0; i < y.data.length; i += bias.length) for (let j = 0; j < bias.length; j++) y.data[i + j] += bias[j];
      return y;
    },
    tangent: (_x, dx) => product(dx),
    gradient: (x, dy) => ({
      input: scatter(multiplyByTransposed(flat(dy), weights), seen, channels, x),
      parameters: () =>
        dense(parameters)
          .gradient(convInputs(x, layer, input), flat(dy))
          .parameters?.() ?? parameters,
    }),
  };
}

/**
 * The rows that a convolution multiplies by its weights (im2col): `[points, ...positions, channels] -> [points * windows, fan_in]`, columns ordered
 * by kernel position, then channel.
 */
export function convInputs(x: Points, layer: Layer & { kind: "conv" }, input: readonly number[]): Points {
  const channels = input[input.length - 1];
  const seen = convWindows(layer, input);
  const row = seen.size * channels;
  const count = seen.taps.length / seen.size;
  const runs = runsOf(seen, channels);
  const rows = matrix(x.rows * count, row);
  for (let p = 0; p < x.rows; p++) copyWindows(x, p, runs, rows.data, p * count * row);
  return rows;
}

function convWindows(layer: Layer & { kind: "conv" }, input: readonly number[]): Windows {
  return windows(input, layer.kernel, layer.stride ?? 1, layer.padding ?? "zero");
}

/** Stretches of values that lie in a row both in the windows of a point and in the point: [to, from, length] after one another. */
function runsOf({ taps }: Windows, channels: number): Int32Array {
  const runs: number[] = [];
  for (let t = 0; t < taps.length; t++) {
    if (taps[t] < 0) continue;
    const last = runs.length - 3;
    const follows = last >= 0 && t > 0 && taps[t - 1] === taps[t] - 1 && runs[last] + runs[last + 2] === t * channels;
    if (follows) runs[last + 2] += channels;
    else runs.push(t * channels, taps[t] * channels, channels);
  }
  return Int32Array.from(runs);
}

/** Puts the windows of a point after one another; what lies beyond the input is left as it is, zero. */
function copyWindows({ cols, data }: Points, point: number, runs: Int32Array, to: Float64Array, start: number): void {
  for (let r = 0; r < runs.length; r += 3) {
    const from = point * cols + runs[r + 1];
    const at = start + runs[r];
    const length = runs[r + 2];
    // Calls cost as much as a few dozen values.
    if (length > 64) to.set(data.subarray(from, from + length), at);
    else for (let k = 0; k < length; k++) to[at + k] = data[from + k];
  }
}

/** The transpose of putting windows after one another: adds every tap to the position it was read from. */
function scatter(rows: Points, { taps }: Windows, channels: number, like: Points): Points {
  const x = matrix(like.rows, like.cols);
  for (let p = 0; p < x.rows; p++)
    for (let t = 0; t < taps.length; t++) {
      if (taps[t] < 0) continue;
      const to = p * x.cols + taps[t] * channels;
      const from = (p * taps.length + t) * channels;
      for (let c = 0; c < channels; c++) x.data[to + c] += rows.data[from + c];
    }
  return x;
}
