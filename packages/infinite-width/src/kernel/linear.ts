import { type Layer, type Windows, windows } from "@sonde/nets";
import { type Field, mapGroups, mixed, overPositions, positionCount } from "./field.js";
import type { WeightLaw } from "./weight-law.js";

/** A dense layer, or a linear map of the channels at every position: K <- sigma_w^2 K + sigma_b^2, Theta <- K + sigma_w^2 Theta, pending. May overwrite the field. */
export function denseKernel(field: Field, law: WeightLaw): Field {
  return { ...field, groups: [mixed(field)], pending: law };
}

/** A convolution averages over its window, and then does the same; a tap outside the input sees 0. */
export function convKernel(field: Field, layer: Layer & { kind: "conv" }, output: readonly number[], law: WeightLaw): Field {
  const { kernel, stride = 1, padding = "zero" } = layer;
  // The number of channels does not matter for windows.
  const seen = windows([...field.positions, 1], kernel, stride, padding);
  const single = { ...field, groups: [mixed(field)] };
  return { ...windowAverage(single, seen, output.slice(0, -1)), pending: law };
}

/** Average pooling: the average over pairs of positions in two windows. The field must be `across`. */
export function poolKernel(field: Field, window: number | "global", output: readonly number[]): Field {
  return pairAverage(field, poolWindows(field, window), output.slice(0, -1));
}

/** The means of channels through average pooling: a field without `across`. */
export function poolMeans(means: Field, window: number | "global", output: readonly number[]): Field {
  return windowAverage(means, poolWindows(means, window), output.slice(0, -1));
}

function poolWindows({ positions }: Field, window: number | "global"): Windows {
  const kernel = positions.map((n) => (window === "global" ? n : window));
  return windows([...positions, 1], kernel, window === "global" ? 1 : window, "valid");
}

/** Positions become channels, of which each has its own kernel; layers to come see their average. */
export function flattenKernel(field: Field): Field {
  return { ...mapGroups(field, (kernel) => overPositions(field, kernel)), positions: [], across: false };
}

/** K'(w, w') = average over taps t of K(position(w, t), position(w', t)). */
function windowAverage(field: Field, { size, taps }: Windows, positions: readonly number[]): Field {
  const { rows, cols, across } = field;
  const before = positionCount(field);
  const after = taps.length / size;
  const others = across ? after : 1;
  const average = (kernel: Float64Array): Float64Array => {
    const result = new Float64Array(rows * after * others * cols);
    for (let i = 0; i < rows; i++)
      for (let w = 0; w < after; w++)
        for (let other = 0; other < others; other++) {
          const to = ((i * after + w) * others + other) * cols;
          for (let t = 0; t < size; t++) {
            const s = taps[w * size + t];
            const s2 = across ? taps[other * size + t] : s;
            if (s < 0 || s2 < 0) continue;
            const from = (across ? (i * before + s) * before + s2 : i * before + s) * cols;
            for (let j = 0; j < cols; j++) result[to + j] += kernel[from + j];
          }
          for (let j = 0; j < cols; j++) result[to + j] /= size;
        }
    return result;
  };
  return { ...mapGroups(field, average), positions };
}

/** K'(w, w') = average over taps t and t' of K(position(w, t), position(w', t')), as two averages one after the other. */
function pairAverage(field: Field, { size, taps }: Windows, positions: readonly number[]): Field {
  const { rows, cols } = field;
  const before = positionCount(field);
  const after = taps.length / size;
  /** Averages the axis of positions that has `inner` values behind each of its entries. */
  const along = (kernel: Float64Array, outer: number, inner: number): Float64Array => {
    const result = new Float64Array(outer * after * inner);
    for (let o = 0; o < outer; o++)
      for (let k = 0; k < taps.length; k++) {
        const to = (o * after + Math.floor(k / size)) * inner;
        const from = (o * before + taps[k]) * inner;
        for (let j = 0; j < inner; j++) result[to + j] += kernel[from + j] / size;
      }
    return result;
  };
  const average = (kernel: Float64Array) => along(along(kernel, rows, before * cols), rows * after, cols);
  return { ...mapGroups(field, average), positions };
}
