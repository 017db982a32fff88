import { ConfigError, ShapeError } from "@sonde/core";
import type { LayerKind } from "../layer-kind.js";
import { count, type Tensor, zeros } from "../tensor.js";

/** Axes stretched or shrunk, each value between its neighbours' (linear) or that of the nearest. */
export interface UpsampleLayer {
  readonly kind: "upsample";
  /** By how much each axis is stretched, that of the points too; sizes are rounded down. */
  readonly scales?: readonly number[];
  /** Or the sizes it gets. */
  readonly sizes?: readonly number[];
  /** Default `nearest`. */
  readonly mode?: "nearest" | "linear";
  /** Where position x of the output is in the input: `half-pixel` (x + 1/2) / scale - 1/2 (default), `asymmetric` x / scale, `align-corners` with both ends the same, `pytorch` as half-pixel but 0 for a single one. */
  readonly coordinates?: "half-pixel" | "asymmetric" | "align-corners" | "pytorch";
  /** How the nearest is rounded; default `prefer-floor`. */
  readonly rounding?: "prefer-floor" | "prefer-ceil" | "floor" | "ceil";
}

export const upsample: LayerKind<UpsampleLayer> = {
  shape({ scales, sizes }, [input]) {
    const found = sizes ?? scales?.map((scale, axis) => Math.floor(input[axis] * scale + 1e-9));
    if (!found) throw new ConfigError("upsampling needs scales or sizes: give one of them");
    if (found.length !== input.length)
      throw new ShapeError(`[${input.join(", ")}] needs ${input.length} scales or sizes, got ${found.length}`);
    return found;
  },
  forward(layer, [x]) {
    const shape = upsample.shape(layer, [x.shape]);
    return shape.reduce((y: Tensor, size, axis) => along(y, axis, tapsOf(layer, axis, x.shape[axis], size), size), x);
  },
  gradient(layer, { inputs: [x], error }) {
    let back = error;
    for (let axis = error.shape.length - 1; axis >= 0; axis--)
      back = along(back, axis, tapsOf(layer, axis, x.shape[axis], error.shape[axis]), x.shape[axis], true);
    return { inputs: [back] };
  },
};

/** For every position of the output the two of the input that it is between, and the share of the second. */
interface Taps {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly share: Float64Array;
  readonly same: boolean;
}

function tapsOf(layer: UpsampleLayer, axis: number, from: number, to: number): Taps {
  const { mode = "nearest", coordinates = "half-pixel", rounding = "prefer-floor", scales } = layer;
  const scale = scales?.[axis] ?? to / from;
  const [low, high, share] = [new Int32Array(to), new Int32Array(to), new Float64Array(to)];
  for (let x = 0; x < to; x++) {
    const at =
      coordinates === "asymmetric"
        ? x / scale
        : coordinates === "align-corners"
          ? // By the standard's own tests the last position is that of the size before it was rounded down.
            from * scale > 1
            ? (x * (from - 1)) / (from * scale - 1)
            : 0
          : coordinates === "pytorch" && to === 1
            ? 0
            : (x + 0.5) / scale - 0.5;
    const inside = (position: number) => Math.max(0, Math.min(from - 1, position));
    if (mode === "linear") {
      const down = Math.floor(at);
      low[x] = inside(down);
      high[x] = inside(down + 1);
      share[x] = at - down;
    } else {
      const near =
        rounding === "floor"
          ? Math.floor(at)
          : rounding === "ceil"
            ? Math.ceil(at)
            : rounding === "prefer-floor"
              ? Math.ceil(at - 0.5)
              : Math.floor(at + 0.5);
      low[x] = high[x] = inside(near);
    }
  }
  return { low, high, share, same: from === to && scale === 1 };
}

/** One axis stretched; or, `back`, the transpose of that. */
function along(x: Tensor, axis: number, { low, high, share, same }: Taps, size: number, back = false): Tensor {
  if (same) return x;
  const shape = x.shape.map((own, k) => (k === axis ? size : own));
  const result = zeros(shape);
  const inner = count(shape.slice(axis + 1));
  const outer = count(shape.slice(0, axis));
  const from = x.shape[axis];
  for (let o = 0; o < outer; o++)
    for (let p = 0; p < low.length; p++)
      for (let i = 0; i < inner; i++) {
        const at = (position: number, sizes: number) => (o * sizes + position) * inner + i;
        if (back) {
          const value = x.data[at(p, from)];
          result.data[at(low[p], size)] += (1 - share[p]) * value;
          result.data[at(high[p], size)] += share[p] * value;
        } else result.data[at(p, size)] = (1 - share[p]) * x.data[at(low[p], from)] + share[p] * x.data[at(high[p], from)];
      }
  return result;
}
