import { ShapeError } from "@sonde/core";

/** How a window moves over the axes of positions. */
export interface WindowOptions {
  /** Steps of the window along each axis; default 1. */
  readonly strides?: readonly number[];
  /** Distance of its taps along each axis; default 1. */
  readonly dilations?: readonly number[];
  /** Zeros before and after each axis, `[...before, ...after]`; or `same` (ceil(length / stride) windows, the odd zero after, as Keras has it), `same-lower` (before), `valid` (none). Default `valid`. */
  readonly pads?: readonly number[] | "same" | "same-lower" | "valid";
  /** Whether the axis of channels comes right after that of the points, as in PyTorch; default last. */
  readonly channelsFirst?: boolean;
}

/** A tensor with positions taken apart: points, channels, and the sizes between. */
export interface Placed {
  readonly points: number;
  readonly channels: number;
  readonly sizes: readonly number[];
}

export function placed(shape: readonly number[], { channelsFirst }: Pick<WindowOptions, "channelsFirst">, rank?: number): Placed {
  if (shape.length < 3 || (rank !== undefined && shape.length !== rank + 2))
    throw new ShapeError(
      `a window over ${rank ?? "some"} axes needs [points, ${channelsFirst ? "channels, ...positions" : "...positions, channels"}], but gets [${shape.join(", ")}]`,
    );
  const [points, ...rest] = shape;
  return channelsFirst
    ? { points, channels: rest[0], sizes: rest.slice(1) }
    : { points, channels: rest[rest.length - 1], sizes: rest.slice(0, -1) };
}

/** The shape of points, channels and positions. */
export function assembled(
  { points, channels, sizes }: Placed,
  { channelsFirst }: Pick<WindowOptions, "channelsFirst">,
): number[] {
  return channelsFirst ? [points, channels, ...sizes] : [points, ...sizes, channels];
}

/** A window along each axis: how many there are, and where the first one begins. */
export interface WindowAxis {
  readonly length: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
  readonly windows: number;
}

/** The windows over positions; `ceil` lets the last one reach beyond the padding, as long as it begins before its end. */
export function windowAxes(
  sizes: readonly number[],
  kernel: readonly number[],
  { strides, dilations, pads = "valid" }: WindowOptions,
  ceil = false,
): WindowAxis[] {
  const rank = kernel.length;
  for (const [name, list, expected] of [
    ["strides", strides, rank],
    ["dilations", dilations, rank],
    ["pads", typeof pads === "string" ? undefined : pads, 2 * rank],
  ] as const)
    if (list && list.length !== expected)
      throw new ShapeError(`a window of ${rank} axes needs ${expected} ${name}, got ${list.length}`);
  for (const [name, list] of [
    ["taps", kernel],
    ["strides", strides],
    ["dilations", dilations],
  ] as const)
    if (list && !list.every((size) => Number.isSafeInteger(size) && size > 0))
      throw new ShapeError(`the ${name} of a window are whole numbers from 1, got [${list.join(", ")}]`);
  return sizes.map((length, axis) => {
    const stride = strides?.[axis] ?? 1;
    const dilation = dilations?.[axis] ?? 1;
    const reach = dilation * (kernel[axis] - 1) + 1;
    if (typeof pads === "string" && pads !== "valid") {
      const windows = Math.ceil(length / stride);
      const missing = Math.max(0, (windows - 1) * stride + reach - length);
      const less = Math.floor(missing / 2);
      const before = pads === "same" ? less : missing - less;
      return { length, kernel: kernel[axis], stride, dilation, before, after: missing - before, windows };
    }
    const [before, after] = pads === "valid" ? [0, 0] : [pads[axis], pads[axis + rank]];
    const room = length + before + after - reach;
    let windows = (ceil ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
    if (ceil && (windows - 1) * stride >= length + before) windows--;
    if (windows < 1)
      throw new ShapeError(
        `a window that reaches over ${reach} positions does not fit into ${length + before + after}: pad the input`,
      );
    return { length, kernel: kernel[axis], stride, dilation, before, after, windows };
  });
}

/**
 * Where every tap of every window reads: at `window * taps + tap` a position of the input, row-major over the axes, or -1 beyond it. `inside` tells how many taps of a window are on the input or its
 * padding, which averages that count zeros are over.
 */
export function tapTable(axes: readonly WindowAxis[]): {
  readonly taps: Int32Array;
  readonly size: number;
  readonly inside: Int32Array;
} {
  let size = 1;
  let windows = 1;
  let table = Int32Array.of(0);
  let inside = Int32Array.of(1);
  for (const { length, kernel, stride, dilation, before, after, windows: own } of axes) {
    const next = new Int32Array(windows * own * size * kernel);
    const counts = new Int32Array(windows * own);
    for (let w = 0; w < windows; w++)
      for (let o = 0; o < own; o++) {
        const at = w * own + o;
        let within = 0;
        for (let k = 0; k < kernel; k++) {
          const position = o * stride + k * dilation - before;
          if (position < length + after) within++;
          for (let t = 0; t < size; t++) {
            const outer = table[w * size + t];
            const known = outer >= 0 && position >= 0 && position < length;
            next[(at * size + t) * kernel + k] = known ? outer * length + position : -1;
          }
        }
        counts[at] = inside[w] * within;
      }
    table = next;
    inside = counts;
    windows *= own;
    size *= kernel;
  }
  return { taps: table, size, inside };
}
