import { ConfigError, ShapeError } from "@sonde/core";
import type { LayerKind } from "../layer-kind.js";
import { count, type Tensor, zeros } from "../tensor.js";

/** Axes stretched or shrunk, each value between its neighbours' (linear, cubic) or that of the nearest. */
export interface UpsampleLayer {
  readonly kind: "upsample";
  /** By how much each axis is stretched, that of the points too; sizes are rounded down. */
  readonly scales?: readonly number[];
  /** Or the sizes it gets; with `scales` too, where those are rounded otherwise. */
  readonly sizes?: readonly number[];
  /** Default `nearest`. */
  readonly mode?: "nearest" | "linear" | "cubic";
  /**
   * Where position x of the output is in the input: `half-pixel` (x + 1/2) / scale - 1/2 (default), `asymmetric` x / scale, `align-corners` with both ends the same, `pytorch` as half-pixel but 0 for a single one,
   * `tf-half-pixel` (x + 1/2) / scale, `symmetric` as half-pixel but about the middle where a size was rounded, `crop` from one end of `region` to the other.
   */
  readonly coordinates?: "half-pixel" | "asymmetric" | "align-corners" | "pytorch" | "tf-half-pixel" | "symmetric" | "crop";
  /** How the nearest is rounded; default `prefer-floor`. */
  readonly rounding?: "prefer-floor" | "prefer-ceil" | "floor" | "ceil";
  /** The slope of the cubic at distance 1. Default -0.75. */
  readonly slope?: number;
  /** Whether neighbours beyond the border are left out, instead of being the border's. Default no. */
  readonly bordersOut?: boolean;
  /** Whether what is shrunk is smoothed: the filter is as wide as the step between positions. Default no. */
  readonly smooth?: boolean;
  /** For `crop`: where each axis begins and ends, of 0 to 1; what lies outside of the input is `outside` (default 0). */
  readonly region?: { readonly starts: readonly number[]; readonly ends: readonly number[] };
  readonly outside?: number;
}

export const upsample: LayerKind<UpsampleLayer> = {
  shape({ scales, sizes }, [input]) {
    const found = sizes ?? scales?.map((scale, axis) => Math.floor(input[axis] * scale + 1e-9));
    if (!found) throw new ConfigError("upsampling needs scales or sizes: give one of them");
    if (!found.every((size) => Number.isSafeInteger(size) && size > 0))
      throw new ShapeError(`[${input.join(", ")}] is stretched to [${found.join(", ")}]: sizes are whole numbers from 1`);
    if (found.length !== input.length)
      throw new ShapeError(`[${input.join(", ")}] needs ${input.length} scales or sizes, got ${found.length}`);
    return found;
  },
  forward(layer, [x]) {
    const shape = upsample.shape(layer, [x.shape]);
    return shape.reduce((y: Tensor, size, axis) => along(y, axis, tapsOf(layer, axis, x.shape[axis], size), layer.outside), x);
  },
  gradient(layer, { inputs: [x], error }) {
    let back = error;
    for (let axis = error.shape.length - 1; axis >= 0; axis--)
      back = alongBack(back, axis, tapsOf(layer, axis, x.shape[axis], error.shape[axis]), x.shape[axis]);
    return { inputs: [back] };
  },
};

/** For every position of the output, `each` positions of the input and their shares; those beyond the input are marked by `outside`. */
interface Taps {
  readonly each: number;
  readonly at: Int32Array;
  readonly share: Float64Array;
  readonly outside: Uint8Array;
  readonly same: boolean;
}

function tapsOf(layer: UpsampleLayer, axis: number, from: number, to: number): Taps {
  const { mode = "nearest", scales, bordersOut, smooth, coordinates } = layer;
  const scale = scales?.[axis] ?? to / from;
  const narrow = smooth ? Math.min(1, scale) : 1;
  const reach = mode === "nearest" ? 0.5 : Math.ceil((mode === "cubic" ? 2 : 1) / narrow);
  const each = 2 * reach;
  const [at, share, outside] = [new Int32Array(to * each), new Float64Array(to * each), new Uint8Array(to)];
  const filter = mode === "cubic" ? cubic(layer.slope) : (distance: number) => Math.max(0, 1 - Math.abs(distance));
  for (let x = 0; x < to; x++) {
    const place = placeOf(layer, axis, x, { from, to, scale });
    if (coordinates === "crop" && (place < 0 || place > from - 1)) outside[x] = 1;
    let sum = 0;
    for (let k = 0; k < each; k++) {
      const position = mode === "nearest" ? nearest(place, layer.rounding) : Math.floor(place) - reach + 1 + k;
      const kept = Math.max(0, Math.min(from - 1, position));
      at[x * each + k] = kept;
      const own = mode === "nearest" ? 1 : bordersOut && kept !== position ? 0 : filter((position - place) * narrow);
      share[x * each + k] = own;
      sum += own;
    }
    for (let k = 0; k < each; k++) share[x * each + k] /= sum;
  }
  return { each, at, share, outside, same: from === to && scale === 1 && coordinates !== "crop" };
}

/** Where position `x` of the output is in the input. */
function placeOf(
  { coordinates = "half-pixel", region }: UpsampleLayer,
  axis: number,
  x: number,
  { from, to, scale }: { readonly from: number; readonly to: number; readonly scale: number },
): number {
  const half = (x + 0.5) / scale - 0.5;
  switch (coordinates) {
    case "asymmetric":
      return x / scale;
    case "align-corners":
      // By the standard's own tests the last position is that of the size before it was rounded down.
      return from * scale > 1 ? (x * (from - 1)) / (from * scale - 1) : 0;
    case "pytorch":
      return to === 1 ? 0 : half;
    case "tf-half-pixel":
      return (x + 0.5) / scale;
    case "symmetric":
      return (from / 2) * (1 - to / (from * scale)) + half;
    case "crop": {
      const [start, end] = [region?.starts[axis] ?? 0, region?.ends[axis] ?? 1];
      return (to > 1 ? start + (x * (end - start)) / (to - 1) : (start + end) / 2) * (from - 1);
    }
    default:
      return half;
  }
}

function nearest(place: number, rounding: UpsampleLayer["rounding"] = "prefer-floor"): number {
  if (rounding === "floor") return Math.floor(place);
  if (rounding === "ceil") return Math.ceil(place);
  return rounding === "prefer-floor" ? Math.ceil(place - 0.5) : Math.floor(place + 0.5);
}

/** Keys' cubic of slope `a` at distance 1. */
const cubic =
  (a = -0.75) =>
  (distance: number): number => {
    const d = Math.abs(distance);
    if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
  };

/** One axis stretched. */
function along(x: Tensor, axis: number, { each, at, share, outside, same }: Taps, beyond = 0): Tensor {
  if (same) return x;
  const result = zeros(x.shape.map((own, k) => (k === axis ? outside.length : own)));
  eachLine(x.shape, axis, (line, stride) => {
    for (const [p, out] of outside.entries()) {
      const to = line(outside.length) + p * stride;
      if (out) result.data[to] = beyond;
      else
        for (let k = p * each; k < (p + 1) * each; k++)
          if (share[k] !== 0) result.data[to] += share[k] * x.data[line(x.shape[axis]) + at[k] * stride];
    }
  });
  return result;
}

/** The transpose of that: what an error at the output is at an input of `size` positions. */
function alongBack(error: Tensor, axis: number, { each, at, share, outside, same }: Taps, size: number): Tensor {
  if (same) return error;
  const result = zeros(error.shape.map((own, k) => (k === axis ? size : own)));
  eachLine(error.shape, axis, (line, stride) => {
    for (const [p, out] of outside.entries())
      if (!out)
        for (let k = p * each; k < (p + 1) * each; k++)
          result.data[line(size) + at[k] * stride] += share[k] * error.data[line(outside.length) + p * stride];
  });
  return result;
}

/** Calls with every line along an axis: where it begins in a tensor that has `size` positions there, and the step between them. */
function eachLine(shape: readonly number[], axis: number, call: (line: (size: number) => number, stride: number) => void): void {
  const inner = count(shape.slice(axis + 1));
  const outer = count(shape.slice(0, axis));
  for (let o = 0; o < outer; o++) for (let i = 0; i < inner; i++) call((size) => o * size * inner + i, inner);
}
