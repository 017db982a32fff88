import type { Address } from "./memory.js";

/** The normalisations that the kernels know, in the order of the codes in assembly/ensemble/norm.ts. */
export const kernelNorms = ["batch", "layer", "rms"] as const;

export type KernelNorm = (typeof kernelNorms)[number];

/** Sizes of values [points][positions][channels][4]; `positions` is 1 for flat ones. */
export interface NormSizes {
  readonly points: number;
  readonly positions: number;
  readonly channels: number;
}

export interface NormOptions {
  /** Added to the variance; default 1e-3. */
  readonly epsilon?: number;
  /** `x` and `out` hold as many tangents behind their values, [2 points][positions][channels][4]. */
  readonly tangents?: boolean;
  /** Tangents of `batch` take the statistics as constants (default true); false is the derivative with respect to the whole batch. */
  readonly frozen?: boolean;
}

/** Normalisations without scale and shift. */
export interface NormKernels {
  /**
   * z = (x - mean) / sqrt(variance + epsilon), biased variance, 0 where variance + epsilon is 0: `batch` takes each channel over points and positions, `layer`
   * each point over positions and channels, `rms` the same without the mean. Tangents: dz = (dx - mean(dx) - z mean(z dx)) / sqrt(variance + epsilon), for `rms`
   * without mean(dx), for frozen `batch` dx / sqrt(variance + epsilon). `out` may be `x`. Magnitudes from 2^-40 to 2^40 are safe.
   */
  readonly norm: (x: Address, norm: KernelNorm, sizes: NormSizes, out: Address, options?: NormOptions) => void;
}

export interface NormModule {
  norm(x: number, code: number, points: number, positions: number, channels: number, epsilon: number, out: number): void;
  normTangent(
    x: number,
    code: number,
    points: number,
    positions: number,
    channels: number,
    epsilon: number,
    frozen: boolean,
    out: number,
  ): void;
}

export function normKernels(module: NormModule): NormKernels {
  return {
    norm(x, norm, { points, positions, channels }, out, { epsilon = 1e-3, tangents = false, frozen = true } = {}) {
      const code = kernelNorms.indexOf(norm);
      if (tangents) module.normTangent(x, code, points, positions, channels, epsilon, frozen, out);
      else module.norm(x, code, points, positions, channels, epsilon, out);
    },
  };
}
