import { ShapeError } from "@sonde/core";
import type { Padding } from "../architecture.js";

/**
 * Which positions every window of a convolution or pooling sees: tap t of window w reads position `taps[w * size + t]` of the input (row-major
 * over the axes), or nothing (a zero) where that is -1.
 */
export interface Windows {
  /** Taps of one window. */
  readonly size: number;
  readonly taps: Int32Array;
}

/**
 * The number of windows along an axis of length `length`. `valid` keeps inside: floor((length - kernel) / stride) + 1. The other paddings give
 * ceil(length / stride).
 */
function windowCount(length: number, kernel: number, stride: number, padding: Padding): number {
  return padding === "valid" ? Math.floor((length - kernel) / stride) + 1 : Math.ceil(length / stride);
}

/** The window counts of every axis of a shape `[...positions, channels]`; throws `ShapeError` where a `valid` window does not fit. */
export function windowCounts(
  shape: readonly number[],
  kernel: readonly number[],
  path: string,
  stride = 1,
  padding: Padding = "zero",
): number[] {
  return kernel.map((k, axis) => {
    const count = windowCount(shape[axis], k, stride, padding);
    if (count < 1)
      throw new ShapeError(
        `${path} has a window of ${k} but gets only ${shape[axis]} positions: make the window smaller or pad the input`,
      );
    return count;
  });
}

/**
 * The windows over a shape `[...positions, channels]` with one or two axes of positions.
 *
 * With padding the first window starts `floor(p / 2)` before the input, p = max((count - 1) stride + kernel - length, 0) being the positions
 * that are missing ("same" of TensorFlow and Keras). `periodic` wraps around; `symmetric` mirrors with the border repeated (b a | a b c | c b).
 */
export function windows(shape: readonly number[], kernel: readonly number[], stride: number, padding: Padding): Windows {
  const axes = kernel.map((k, axis) => axisTaps(shape[axis], k, stride, padding));
  const [rows, columns] = axes.length === 1 ? [Int32Array.of(0), axes[0]] : axes;
  const [height, width] = kernel.length === 1 ? [1, kernel[0]] : kernel;
  const length = shape[axes.length - 1];
  const size = height * width;
  const across = columns.length / width;
  const taps = new Int32Array((rows.length / height) * across * size);
  for (let t = 0; t < taps.length; t++) {
    const window = Math.floor(t / size);
    const tap = t % size;
    const r = rows[Math.floor(window / across) * height + Math.floor(tap / width)];
    const c = columns[(window % across) * width + (tap % width)];
    taps[t] = r < 0 || c < 0 ? -1 : r * length + c;
  }
  return { size, taps };
}

/** Along one axis: the position that tap t of window w reads, at `w * kernel + t`. */
function axisTaps(length: number, kernel: number, stride: number, padding: Padding): Int32Array {
  const count = windowCount(length, kernel, stride, padding);
  const missing = padding === "valid" ? 0 : Math.max((count - 1) * stride + kernel - length, 0);
  const start = -Math.floor(missing / 2);
  return Int32Array.from({ length: count * kernel }, (_, i) => {
    const position = start + Math.floor(i / kernel) * stride + (i % kernel);
    if (position >= 0 && position < length) return position;
    if (padding === "periodic") return modulo(position, length);
    if (padding !== "symmetric") return -1;
    const mirrored = modulo(position, 2 * length);
    return mirrored < length ? mirrored : 2 * length - 1 - mirrored;
  });
}

function modulo(a: number, n: number): number {
  return ((a % n) + n) % n;
}
