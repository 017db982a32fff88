import type { Matrix, Reals } from "@sonde/core";
import type { Address } from "@sonde/kernels";
import type { ColumnBlock, GramKernels } from "@sonde/kernels/gram";
import { kernelsOf } from "./gram/kernels.js";

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
  const kernels = kernelsOf(data instanceof Float32Array ? "float32" : "float64");
  const mark = kernels.mark();
  try {
    const blocks = blocksOf(activations, kernels);
    const { lowest, highest, scale, means } = ranges(activations, blocks, kernels);
    const constant = Uint8Array.from(lowest, (low, u) => (constants === "apart" && low === highest[u] ? 1 : 0));
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
      ...spreads(units, 1 / scale, shifts, means, blocks, kernels),
    };
  } finally {
    kernels.release(mark);
  }
}

/** Values that are copied into the kernels' memory together. */
const blockValues = 2 ** 15;

/** Shows all rows of a matrix, block by block, in the kernels' memory. */
type Blocks = (use: (block: Omit<ColumnBlock, "factor">) => void) => void;

function blocksOf({ rows, cols, data }: Matrix, kernels: GramKernels): Blocks {
  const reals = realsOf(kernels);
  const most = Math.min(rows, Math.max(1, Math.floor(blockValues / cols)));
  const x = kernels.allocate(data.BYTES_PER_ELEMENT * most * cols);
  return (use) => {
    for (let first = 0; first < rows; first += most) {
      const some = Math.min(most, rows - first);
      reals(x, some * cols).set(data.subarray(first * cols, (first + some) * cols));
      use({ x, rows: some, columns: cols });
    }
  };
}

function realsOf({ precision, floats, doubles }: GramKernels): (address: Address, length: number) => Reals {
  return precision === "float32" ? floats : doubles;
}

/** The ranges of the units, the scale that they want, and their means over it. */
function ranges({ rows, cols, data }: Matrix, blocks: Blocks, kernels: GramKernels) {
  const reals = realsOf(kernels);
  const [lowestAt, highestAt, sums] = [0, 1, 2].map(() => kernels.allocate(8 * cols));
  for (const at of [lowestAt, highestAt]) reals(at, cols).set(data.subarray(0, cols));
  const add = (factor: number): void => {
    kernels.doubles(sums, cols).fill(0);
    blocks((block) => kernels.ranges({ ...block, factor }, { lowest: lowestAt, highest: highestAt, sums }));
  };
  add(1);
  const [lowest, highest] = [lowestAt, highestAt].map((at) => Float64Array.from(reals(at, cols)));
  let largest = 0;
  for (let u = 0; u < cols; u++) largest = Math.max(largest, highest[u], -lowest[u]);
  const scale = scaleFor(largest);
  if (scale !== 1) add(1 / scale);
  const means = Float64Array.from(kernels.doubles(sums, cols), (sum) => sum / rows);
  return { lowest, highest, scale, means };
}

/** The sums of squares about the shifts. */
function spreads(units: number, factor: number, shifts: Float64Array, means: Float64Array, blocks: Blocks, kernels: GramKernels) {
  const place = (values: Float64Array): Address => {
    const at = kernels.allocate(8 * values.length);
    kernels.doubles(at, values.length).set(values);
    return at;
  };
  const about = { shifts: place(shifts), means: place(means) };
  const to = { squares: place(new Float64Array(units)), totals: place(new Float64Array(3)) };
  blocks((block) => kernels.spreads({ ...block, factor }, about, to));
  const [square, quartic, alongMean] = kernels.doubles(to.totals, 3);
  const length = means.reduce((sum, mean) => sum + mean * mean, 0);
  return { squares: kernels.doubles(to.squares, units).slice(), square, quartic, alongMean: length > 0 ? alongMean / length : 0 };
}

/** 1, or a power of two near the largest magnitude where that is not comfortable. */
function scaleFor(largest: number): number {
  if (largest === 0 || (largest > comfortable.least && largest < comfortable.most)) return 1;
  let scale = 1;
  while (scale < largest && scale < 2 ** 1000) scale *= 2;
  while (scale > largest && scale > 2 ** -1000) scale /= 2;
  return scale;
}
