import type { Address } from "./memory.js";
import type { WindowSizes } from "./windows.js";

export interface PoolOptions {
  /** `x` and `out` hold as many tangents behind their values. */
  readonly tangents?: boolean;
}

/** Pooling. */
export interface PoolKernels {
  /**
   * out [points][windows][channels][4] = the mean or the largest value over the taps of every window; global pooling is one window that reads every position. The
   * tangents of `max` follow the first of the largest values. No tap may be -1.
   */
  readonly pool: (x: Address, kind: "average" | "max", sizes: WindowSizes, out: Address, options?: PoolOptions) => void;
}

export interface PoolModule {
  averagePool(
    x: number,
    points: number,
    positions: number,
    channels: number,
    windows: number,
    taps: number,
    table: number,
    out: number,
  ): void;
  /** Carries the tangents from `dx` to `dy` along; 0 for none. */
  maxPool(
    x: number,
    points: number,
    positions: number,
    channels: number,
    windows: number,
    taps: number,
    table: number,
    out: number,
    dx: number,
    dy: number,
  ): void;
}

export function poolKernels(module: PoolModule): PoolKernels {
  return {
    pool(x, kind, { points, positions, channels, windows, taps, table }, out, { tangents = false } = {}) {
      if (kind === "average") {
        module.averagePool(x, tangents ? 2 * points : points, positions, channels, windows, taps, table, out);
        return;
      }
      const [dx, dy] = tangents ? [x + 16 * points * positions * channels, out + 16 * points * windows * channels] : [0, 0];
      module.maxPool(x, points, positions, channels, windows, taps, table, out, dx, dy);
    },
  };
}
