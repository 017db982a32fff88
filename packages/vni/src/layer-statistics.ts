import type { Matrix } from "@sonde/core";

/**
 * What one look at every value tells of a layer. Means and sums are of values over `scale`, a power of two that is 1 unless squares could overflow or underflow.
 */
export interface LayerStatistics {
  readonly points: number;
  readonly units: number;
  readonly scale: number;
  /** The units' means over the points. */
  readonly means: Float64Array;
  /** Subtracted from every value: the means; where nothing is centred 0, but for constant units, which are left out so. */
  readonly shifts: Float64Array;
  /** Of each unit, the sum of its squared shifted values. */
  readonly squares: Float64Array;
  /** 1 where all values of a unit are equal. */
  readonly constant: Uint8Array;
  /** How many units are not constant. */
  readonly varying: number;
  /** Over the points, the sums of the squares and of the fourth powers of the shifted points' lengths. */
  readonly square: number;
  readonly quartic: number;
  /** The sum of the squared components along the direction of the mean. */
  readonly alongMean: number;
}

/** Magnitudes whose squares, summed, stay well within float64. */
const comfortable = { least: 2 ** -250, most: 2 ** 250 };

/** How a layer is looked at: `constants` that are kept count as units like any other (where nothing is centred, they need not be 0). */
export interface Convention {
  readonly centred: boolean;
  readonly constants?: "apart" | "kept";
}

/** The statistics of finite activations `[points, units]`. */
export function layerStatistics(activations: Matrix, { centred, constants = "apart" }: Convention): LayerStatistics {
  const { rows: points, cols: units, data } = activations;
  const lowest = Float64Array.from(data.subarray(0, units));
  const highest = Float64Array.from(lowest);
  for (let p = 0, k = 0; p < points; p++)
    for (let u = 0; u < units; u++, k++) {
      const x = data[k];
      if (x < lowest[u]) lowest[u] = x;
      else if (x > highest[u]) highest[u] = x;
    }
  const constant = Uint8Array.from(lowest, (low, u) => (constants === "apart" && low === highest[u] ? 1 : 0));
  let largest = 0;
  for (let u = 0; u < units; u++) largest = Math.max(largest, highest[u], -lowest[u]);
  const scale = scaleFor(largest);
  const means = meansOf(activations, 1 / scale);
  for (let u = 0; u < units; u++) if (constant[u]) means[u] = lowest[u] / scale;
  const shifts = means.map((mean, u) => (centred || constant[u] ? mean : 0));
  return {
    points,
    units,
    scale,
    means,
    shifts,
    constant,
    varying: units - constant.reduce((sum, flag) => sum + flag, 0),
    ...sums(activations, 1 / scale, shifts, means),
  };
}

function meansOf({ rows, cols, data }: Matrix, factor: number): Float64Array {
  const means = new Float64Array(cols);
  for (let p = 0, k = 0; p < rows; p++) for (let u = 0; u < cols; u++, k++) means[u] += data[k] * factor;
  return means.map((sum) => sum / rows);
}

function sums({ rows, cols, data }: Matrix, factor: number, shifts: Float64Array, means: Float64Array) {
  const squares = new Float64Array(cols);
  let [square, quartic, alongMean] = [0, 0, 0];
  for (let p = 0, k = 0; p < rows; p++) {
    let [own, along] = [0, 0];
    for (let u = 0; u < cols; u++, k++) {
      const d = data[k] * factor - shifts[u];
      squares[u] += d * d;
      own += d * d;
      along += d * means[u];
    }
    square += own;
    quartic += own * own;
    alongMean += along * along;
  }
  const length = means.reduce((sum, mean) => sum + mean * mean, 0);
  return { squares, square, quartic, alongMean: length > 0 ? alongMean / length : 0 };
}

/** 1, or a power of two near the largest magnitude where that is not comfortable. */
function scaleFor(largest: number): number {
  if (largest === 0 || (largest > comfortable.least && largest < comfortable.most)) return 1;
  let scale = 1;
  while (scale < largest && scale < 2 ** 1000) scale *= 2;
  while (scale > largest && scale > 2 ** -1000) scale /= 2;
  return scale;
}
