import { type Matrix, ShapeError } from "@sonde/core";
import type { KernelMatrices } from "@sonde/infinite-width";
import type { MeasuredMatrices } from "./measure-kernel.js";

/** How far networks of finite width are from infinitely wide ones, as shares of the kernel's scale sqrt(K(x, x) K(x', x')), root mean square over pairs of points. */
export interface KernelDifference {
  /** Of the mean kernel: what the limit of infinite width gets wrong for the average network. */
  readonly difference: number;
  /** Its standard error's share: a difference of this size is noise. */
  readonly noise: number;
  /** Of single networks' kernels from their mean. */
  readonly fluctuation: number;
  /** Of single networks' kernels from infinite width: what the limit gets wrong for the network at hand. */
  readonly deviation: number;
  /** The largest difference of an entry in standard errors. */
  readonly largestZ: number;
}

/**
 * Compares measured kernels with those of infinite width, at the same points.
 *
 * @throws ShapeError if the sizes differ
 */
export function kernelDifference(
  { nngp: measured, standardError }: MeasuredMatrices,
  { nngp: expected }: Pick<KernelMatrices, "nngp">,
  networks: number,
): KernelDifference {
  const n = measured.rows;
  if (expected.rows !== n || expected.cols !== n)
    throw new ShapeError(
      `kernels of ${n} and ${expected.rows} x ${expected.cols} points cannot be compared: measure the same points`,
    );
  let squares = 0;
  let noise = 0;
  let z = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const scale = Math.sqrt(expected.data[i * n + i]) * Math.sqrt(expected.data[j * n + j]);
      const off = difference(measured, expected, i * n + j);
      const error = standardError.data[i * n + j];
      squares += (off / scale) * (off / scale);
      noise += (error / scale) * (error / scale);
      // Rounding of float32 layers is no difference of widths.
      if (Math.abs(off) > 1e-6 * scale) z = Math.max(z, Math.abs(off) / error);
    }
  const share = (sum: number): number => Math.sqrt(sum) / n;
  return {
    difference: share(squares),
    noise: share(noise),
    fluctuation: share(noise * networks),
    deviation: share(squares + noise * (networks - 1)),
    largestZ: z,
  };
}

function difference(a: Matrix, b: Matrix, at: number): number {
  return a.data[at] - b.data[at];
}
