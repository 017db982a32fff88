import { ShapeError } from "@sonde/core";
import type { LayerKind } from "../layer-kind.js";
import { axisOf, broadcastShape, broadcastStrides, count, gathered, scattered, stridesOf, summedTo } from "../tensor.js";

/** Axes in another order: axis k of the output is axis `order[k]` of the input. */
export interface TransposeLayer {
  readonly kind: "transpose";
  readonly order: readonly number[];
}

/** Part of the values: from `starts` to before `ends` in `steps` along `axes`, negative ones counted from the end. */
export interface SliceLayer {
  readonly kind: "slice";
  readonly axes: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Default 1. */
  readonly steps?: readonly number[];
}

/** Repeated along axes of one entry until it has the shape. */
export interface ExpandLayer {
  readonly kind: "expand";
  readonly shape: readonly number[];
}

/** Positions or channels moved between axes in blocks: `[points, block^2 c, h, w]` to `[points, c, block h, block w]`, or back. */
export interface BlocksLayer {
  readonly kind: "depth-to-space" | "space-to-depth";
  readonly block: number;
  /** `dcr` (default): the block is the slower part of the channels; `crd`: the faster. */
  readonly mode?: "dcr" | "crd";
}

export const transpose: LayerKind<TransposeLayer> = {
  shape({ order }, [input]) {
    if (order.length !== input.length || new Set(order).size !== order.length || !order.every((axis) => axis in input))
      throw new ShapeError(`the order [${order.join(", ")}] is none of the axes of [${input.join(", ")}]: name each once`);
    return order.map((axis) => input[axis]);
  },
  forward({ order }, [{ shape, data }]) {
    const strides = stridesOf(shape);
    return gathered(
      data,
      order.map((axis) => shape[axis]),
      order.map((axis) => strides[axis]),
    );
  },
  gradient({ order }, { inputs: [x], error }) {
    const strides = stridesOf(x.shape);
    return {
      inputs: [
        scattered(
          error,
          x.shape,
          order.map((axis) => strides[axis]),
        ),
      ],
    };
  },
};

/** A part of a row-major array: its shape, and how it is read. */
interface Part {
  readonly shape: number[];
  readonly strides: number[];
  readonly start: number;
}

function partOf({ axes, starts, ends, steps }: SliceLayer, shape: readonly number[]): Part {
  const strides = stridesOf(shape);
  const part = { shape: [...shape], strides: [...strides], start: 0 };
  for (const [k, axis] of axes.entries()) {
    const at = axisOf(axis, shape.length);
    const size = shape[at];
    const step = steps?.[k] ?? 1;
    if (!Number.isInteger(step) || step === 0)
      throw new ShapeError(`a step along axis ${at} is a whole number other than 0, got ${step}`);
    const place = (value: number) => {
      const from = value < 0 ? value + size : value;
      return step > 0 ? Math.max(0, Math.min(size, from)) : Math.max(-1, Math.min(size - 1, from));
    };
    const [start, end] = [place(starts[k]), place(ends[k])];
    part.shape[at] = Math.max(0, Math.ceil((end - start) / step));
    part.strides[at] = strides[at] * step;
    part.start += start * strides[at];
  }
  return part;
}

export const slice: LayerKind<SliceLayer> = {
  shape: (layer, [input]) => partOf(layer, input).shape,
  forward(layer, [x]) {
    const { shape, strides, start } = partOf(layer, x.shape);
    return gathered(x.data, shape, strides, start);
  },
  gradient(layer, { inputs: [x], error }) {
    const { strides, start } = partOf(layer, x.shape);
    return { inputs: [scattered(error, x.shape, strides, start)] };
  },
};

export const expand: LayerKind<ExpandLayer> = {
  shape: ({ shape }, [input]) => broadcastShape([input, shape]),
  forward(layer, [x]) {
    const shape = expand.shape(layer, [x.shape]);
    return gathered(x.data, shape, broadcastStrides(x.shape, shape));
  },
  gradient: (_layer, { inputs: [x], error }) => ({ inputs: [summedTo(error, x.shape)] }),
};

/** The shape taken apart and the order of its axes, by which blocks are moved. */
function moved(
  { kind, block, mode }: BlocksLayer,
  [points, channels, height, width]: readonly number[],
): { apart: number[]; order: number[]; shape: number[] } {
  const area = block * block;
  if (kind === "space-to-depth")
    return {
      apart: [points, channels, height / block, block, width / block, block],
      order: [0, 3, 5, 1, 2, 4],
      shape: [points, channels * area, height / block, width / block],
    };
  const shape = [points, channels / area, height * block, width * block];
  return mode === "crd"
    ? { apart: [points, channels / area, block, block, height, width], order: [0, 1, 4, 2, 5, 3], shape }
    : { apart: [points, block, block, channels / area, height, width], order: [0, 3, 4, 1, 5, 2], shape };
}

export const blocks: LayerKind<BlocksLayer> = {
  shape(layer, [input]) {
    const { apart, shape } = moved(layer, input);
    if (input.length !== 4 || !apart.every(Number.isInteger))
      throw new ShapeError(
        `blocks of ${layer.block} do not fit [${input.join(", ")}]: they need [points, channels, height, width] that they divide`,
      );
    return shape;
  },
  forward(layer, [x]) {
    const { apart, order, shape } = moved(layer, x.shape);
    const { data } = transpose.forward({ kind: "transpose", order }, [{ shape: apart, data: x.data }], {});
    return { shape, data };
  },
  gradient(layer, { inputs: [x], error }) {
    const { apart, order } = moved(layer, x.shape);
    const strides = stridesOf(apart);
    const back = scattered(
      { shape: order.map((axis) => apart[axis]), data: error.data },
      apart,
      order.map((axis) => strides[axis]),
    );
    return { inputs: [{ shape: x.shape, data: back.data }] };
  },
  work: (_layer, [input]) => count(input),
};
