import type { Arena } from "../arena.js";
import { type DenseModule, type DenseOptions, type LinearMap, withOptions } from "./dense.js";
import { lawCode, type RandomWeights } from "./draws.js";
import type { Address } from "./memory.js";
import type { WindowSizes } from "./windows.js";

/** Sizes of a convolution for four networks; all are at least 1. */
export interface ConvSizes extends WindowSizes {
  /** Output channels. */
  readonly units: number;
}

/** Convolutions (cross-correlations), 1-d and 2-d. */
export interface ConvKernels {
  /**
   * out [points][windows][units][4] = activation(bias + sum over taps t and channels c of x[p, table(w, t), c] W[t, c]), x being
   * [points][positions][channels][4] and W [taps channels][units][4], made on the fly like that of `dense`. No row of windows is ever built.
   */
  readonly conv: (x: Address, sizes: ConvSizes, weights: RandomWeights, out: Address, options?: DenseOptions) => void;
  /** The same with given weights [taps][channels][units][4]. */
  readonly convWith: (x: Address, sizes: ConvSizes, weights: Address, out: Address, options?: DenseOptions) => void;
}

export interface ConvModule extends DenseModule {
  convVectors(channels: number, taps: number, units: number): number;
  conv(
    x: number,
    points: number,
    positions: number,
    channels: number,
    windows: number,
    taps: number,
    table: number,
    streams: number,
    law: number,
    scale: number,
    units: number,
    bias: number,
    out: number,
    code: number,
    parameter: number,
    scratch: number,
  ): void;
  convWith(
    x: number,
    points: number,
    positions: number,
    channels: number,
    windows: number,
    taps: number,
    table: number,
    weights: number,
    units: number,
    bias: number,
    out: number,
    code: number,
    parameter: number,
    scratch: number,
  ): void;
}

export function convKernels(module: ConvModule, { allocate, mark, release }: Arena): ConvKernels {
  const run = (sizes: ConvSizes, out: Address, options: DenseOptions = {}, conv: (scratch: Address) => LinearMap) => {
    const { points, channels, windows, taps, units } = sizes;
    const before = mark();
    const scratch = allocate(16 * module.convVectors(channels, taps, units));
    withOptions(module, { rows: points * windows, units, out }, options, conv(scratch));
    release(before);
  };
  const geometry = ({ positions, channels, windows, taps, table }: ConvSizes) =>
    [positions, channels, windows, taps, table] as const;
  return {
    conv(x, sizes, { streams, law, scale }, out, options) {
      const { windows, units } = sizes;
      const weights = [streams, lawCode(law), scale] as const;
      run(
        sizes,
        out,
        options,
        (scratch) => (rows, bias, code, parameter) =>
          module.conv(x, rows / windows, ...geometry(sizes), ...weights, units, bias, out, code, parameter, scratch),
      );
    },
    convWith(x, sizes, weights, out, options) {
      const { windows, units } = sizes;
      run(
        sizes,
        out,
        options,
        (scratch) => (rows, bias, code, parameter) =>
          module.convWith(x, rows / windows, ...geometry(sizes), weights, units, bias, out, code, parameter, scratch),
      );
    },
  };
}
