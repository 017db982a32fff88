import { matrix } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import type { Layer } from "../architecture.js";
import { dense } from "./dense.js";
import type { Operator, Points } from "./operator.js";
import { type Windows, windows } from "./windows.js";

/**
 * A convolution (cross-correlation, the kernel is not flipped) as a dense layer on the windows:
 * y[p, w, :] = b + sum over taps t of x[p, position(w, t), :] W[t, :, :].
 */
export function conv(parameters: LayerParameters, layer: Layer & { kind: "conv" }, input: readonly number[]): Operator {
  const channels = input[input.length - 1];
  const seen = convWindows(layer, input);
  const inner = dense(parameters);
  const points = (y: Points, like: Points): Points => matrix(like.rows, y.data.length / like.rows, y.data);
  const flat = (dy: Points): Points => matrix(dy.data.length / parameters.weights.cols, parameters.weights.cols, dy.data);
  return {
    forward: (x) => points(inner.forward(gather(x, seen, channels)), x),
    tangent: (x, dx) => points(inner.tangent(x, gather(dx, seen, channels)), x),
    gradient: (x, dy) => {
      const { input, parameters } = inner.gradient(gather(x, seen, channels), flat(dy));
      return { input: scatter(input, seen, channels, x), parameters };
    },
  };
}

/**
 * The rows that a convolution multiplies by its weights (im2col): `[points, ...positions, channels] -> [points * windows, fan_in]`, columns ordered
 * by kernel position, then channel.
 */
export function convInputs(x: Points, layer: Layer & { kind: "conv" }, input: readonly number[]): Points {
  return gather(x, convWindows(layer, input), input[input.length - 1]);
}

function convWindows(layer: Layer & { kind: "conv" }, input: readonly number[]): Windows {
  return windows(input, layer.kernel, layer.stride ?? 1, layer.padding ?? "zero");
}

function gather(x: Points, { taps, size }: Windows, channels: number): Points {
  const rows = matrix((x.rows * taps.length) / size, size * channels);
  for (let p = 0; p < x.rows; p++)
    for (let t = 0; t < taps.length; t++) {
      if (taps[t] < 0) continue;
      const from = p * x.cols + taps[t] * channels;
      rows.data.set(x.data.subarray(from, from + channels), (p * taps.length + t) * channels);
    }
  return rows;
}

/** The transpose of `gather`: adds every tap to the position it was read from. */
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
