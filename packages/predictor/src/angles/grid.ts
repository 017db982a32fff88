import { asin, exp } from "@sonde/core/math";
import { stepMoments } from "./step-moments.js";

/** Values of X = ln sin^2 theta, descending from 0. */
export interface Grid {
  readonly values: readonly number[];
  /** Adds values until two lie below `x`. */
  readonly reach: (x: number) => void;
}

/** Grid points in a standard deviation of the widest layer's law. */
const resolution = 4;

/** The first step below 0. There theta is pi/2 - sqrt(-X), so that steps grow in proportion to X until they have their full size. */
const first = 1e-4;

/**
 * A grid for a chain through layers of these widths: its step is a quarter of the standard deviation that the widest of them adds at that angle, but never so fine that
 * the whole spread takes more than some thousand points.
 */
export function chainGrid(widths: readonly number[], slope: number): Grid {
  const moments = stepMoments(slope);
  const steepest = Math.max(moments(0).diffusion, moments(Math.PI / 2).diffusion);
  const widest = Math.max(2, ...widths);
  const spread = Math.sqrt(steepest * widths.reduce((sum, width) => sum + 1 / Math.max(2, width), 0));
  const finest = spread * Math.min(1 / 40, Math.max(1 / 200, widths.length / 40_000));
  const values: number[] = [];
  const reach = (x: number): void => {
    if (values.length === 0) values.push(0);
    while (values.length < 4 || values[values.length - 3] > x) {
      const last = values[values.length - 1];
      const { diffusion } = moments(asin(exp(last / 2)));
      const full = Math.max(finest, Math.sqrt(diffusion / widest) / resolution);
      values.push(last - Math.min(full, Math.max(first, -last / 2)));
    }
  };
  return { values, reach };
}
