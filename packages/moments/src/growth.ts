import { log } from "@sonde/core/math";

/** How fast a curve grows over its last half: as exp(gamma l), and as l^tau. */
export interface GrowthExponents {
  readonly gamma: number;
  readonly tau: number;
}

/** The first layer of the last half, from 1. */
export function lastHalf(layers: number): number {
  return Math.floor(layers / 2) + 1;
}

/**
 * The exponents of a curve ln chi_l, l = 1, 2, ..., over its last half: the least-squares slopes against l (gamma) and against ln l (tau). NaN for fewer than four
 * layers, or where a value is not finite.
 *
 * @example
 * growthExponents([1, 2, 3, 4, 5, 6]).gamma // 1
 */
export function growthExponents(logChi: readonly number[]): GrowthExponents {
  if (logChi.length < 4) return { gamma: Number.NaN, tau: Number.NaN };
  const first = lastHalf(logChi.length);
  const layers = logChi.slice(first - 1).map((_, k) => first + k);
  const values = logChi.slice(first - 1);
  return { gamma: line(layers, values).slope, tau: line(layers.map(log), values).slope };
}

/** The least-squares line through points, and the mean square of what it leaves. */
export function line(x: readonly number[], y: readonly number[]): { slope: number; rest: number } {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (let k = 0; k < x.length; k++) {
    sxx += (x[k] - mx) * (x[k] - mx);
    sxy += (x[k] - mx) * (y[k] - my);
    syy += (y[k] - my) * (y[k] - my);
  }
  const slope = sxy / sxx;
  return { slope, rest: Math.max(0, syy - slope * sxy) / x.length };
}
