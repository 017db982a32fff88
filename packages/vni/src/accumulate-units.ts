import { type Activations, type Matrix, ShapeError } from "@sonde/core";
import { addProducts } from "./gram/add-products.js";
import { layerActivations } from "./layer-activations.js";
import { recordOf, type UnitOptions, type UnitRecord } from "./measure-units.js";

/** What batches of activations of one layer tell together, in memory of N^2 numbers whatever the number of points. */
export interface UnitAccumulator {
  /** Adds a batch `[points, units]`. Throws `ShapeError` for other units than before, `NumericalError` for NaN or infinite activations. */
  add(batch: Activations): void;
  /** Adds everything that another accumulator of as many units has seen, exactly: as if its batches had come here, but for rounding. */
  merge(other: Pick<UnitAccumulator, "sums">): void;
  /** The record of all batches so far, as `measureUnits` gives it for all of them together. */
  record(): UnitRecord;
  /** Everything it knows, as plain data: for `merge`, workers and files. */
  readonly sums: UnitSums;
}

/** Sums over points relative to `origin`, the first point. */
export interface UnitSums {
  points: number;
  units: number;
  origin: Float64Array;
  /** Of every unit: the smallest and largest value, and the sum over points. */
  lowest: Float64Array;
  highest: Float64Array;
  sum: Float64Array;
  /** Sum of the products of units i and j `[units, units]`; the upper triangle counts. */
  products: Float64Array;
  /** Sum of |x|^2 x, and of |x|^4. */
  cubes: Float64Array;
  quartic: number;
}

/**
 * An accumulator for activations that come in batches or do not fit into memory. Products are summed in float64 relative to the first point, so nothing cancels as long as units vary by more than 1e-7 of their distance from it.
 *
 * Throws `ShapeError` for more than 8192 units, whose products would need more than half a gigabyte.
 *
 * @example
 * const all = accumulateUnits();
 * for (const batch of [[[1, 2], [2, 4]], [[3, 6], [5, 10]]]) all.add(batch);
 * all.record().vni // 1
 */
export function accumulateUnits(options: UnitOptions = {}): UnitAccumulator {
  const sums: UnitSums = emptySums();
  return {
    sums,
    add(batch) {
      addBatch(sums, layerActivations(batch, options));
    },
    merge({ sums: other }) {
      mergeSums(sums, other);
    },
    record: () => recordOfSums(sums, options),
  };
}

const mostUnits = 8192;

function emptySums(): UnitSums {
  const none = () => new Float64Array(0);
  return {
    points: 0,
    units: 0,
    origin: none(),
    lowest: none(),
    highest: none(),
    sum: none(),
    products: none(),
    cubes: none(),
    quartic: 0,
  };
}

function begin(sums: UnitSums, units: number, origin: ArrayLike<number>): void {
  if (units > mostUnits)
    throw new ShapeError(`batches are accumulated for at most ${mostUnits} units, got ${units}: use measureUnits`);
  Object.assign(sums, {
    units,
    origin: Float64Array.from(origin),
    lowest: Float64Array.from(origin),
    highest: Float64Array.from(origin),
    sum: new Float64Array(units),
    products: new Float64Array(units * units),
    cubes: new Float64Array(units),
  });
}

function addBatch(sums: UnitSums, { rows, cols, data }: Matrix): void {
  if (sums.points === 0) begin(sums, cols, data.subarray(0, cols));
  if (cols !== sums.units) throw new ShapeError(`all batches need ${sums.units} units like the first, got ${cols}`);
  const { origin, lowest, highest, sum, cubes } = sums;
  for (let p = 0, k = 0; p < rows; p++) {
    const start = k;
    let square = 0;
    for (let u = 0; u < cols; u++, k++) {
      const x = data[k];
      if (x < lowest[u]) lowest[u] = x;
      if (x > highest[u]) highest[u] = x;
      const d = x - origin[u];
      sum[u] += d;
      square += d * d;
    }
    for (let u = 0; u < cols; u++) cubes[u] += square * (data[start + u] - origin[u]);
    sums.quartic += square * square;
  }
  addProducts({ rows, cols, data }, origin, sums.products);
  sums.points += rows;
}

/** Moves the sums of `other` to the origin of `sums`, and adds them. */
function mergeSums(sums: UnitSums, other: UnitSums): void {
  if (other.points === 0) return;
  if (sums.units === 0) begin(sums, other.units, other.origin);
  if (other.units !== sums.units)
    throw new ShapeError(`both accumulators need the same units, got ${sums.units} and ${other.units}`);
  const n = sums.units;
  const shift = other.origin.map((value, u) => value - sums.origin[u]);
  const square = shift.reduce((all, d) => all + d * d, 0);
  // x = y + d: the new moments of x from the old ones of y.
  let trace = 0;
  let along = 0;
  let inner = 0;
  const image = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    trace += other.products[i * n + i];
    along += shift[i] * other.sum[i];
    for (let j = i; j < n; j++) {
      const product = other.products[i * n + j];
      image[i] += product * shift[j];
      if (j > i) image[j] += product * shift[i];
    }
  }
  for (let i = 0; i < n; i++) inner += shift[i] * image[i];
  const cubed = other.cubes.reduce((all, cube, u) => all + cube * shift[u], 0);
  const m = other.points;
  sums.quartic += other.quartic + 4 * inner + m * square * square + 4 * cubed + 2 * square * trace + 4 * square * along;
  for (let u = 0; u < n; u++) {
    // |x|^2 x = (|y|^2 + 2 y d + |d|^2) (y + d).
    sums.cubes[u] += other.cubes[u] + 2 * image[u] + square * other.sum[u] + shift[u] * (trace + 2 * along + m * square);
    for (let v = u; v < n; v++)
      sums.products[u * n + v] +=
        other.products[u * n + v] + shift[u] * other.sum[v] + shift[v] * other.sum[u] + m * shift[u] * shift[v];
    sums.lowest[u] = Math.min(sums.lowest[u], other.lowest[u]);
    sums.highest[u] = Math.max(sums.highest[u], other.highest[u]);
  }
  for (let u = 0; u < n; u++) sums.sum[u] += other.sum[u] + m * shift[u];
  sums.points += m;
}

function recordOfSums(sums: UnitSums, options: UnitOptions): UnitRecord {
  const { centred = true } = options;
  const { points: m, units: n, origin, lowest, highest } = sums;
  if (m === 0) throw new ShapeError("nothing was accumulated yet: add a batch first");
  const constant = lowest.map((low, u) => (low === highest[u] ? 1 : 0));
  const means = sums.sum.map((sum) => sum / m);
  // Everything about the mean, or about 0; a constant unit is about its own value either way.
  const about = centred ? means : means.map((mean, u) => (constant[u] ? mean : -origin[u]));
  const moved = emptySums();
  begin(
    moved,
    n,
    origin.map((value, u) => value + about[u]),
  );
  mergeSums(moved, sums);
  const squares = Float64Array.from({ length: n }, (_, u) => (constant[u] ? 0 : moved.products[u * n + u]));
  const square = squares.reduce((all, own) => all + own, 0);
  const direction = means.map((mean, u) => mean + origin[u]);
  const length = direction.reduce((all, d) => all + d * d, 0);
  let correlations = 0;
  let covariances = 0;
  let alongMean = 0;
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      const product = moved.products[i * n + j];
      const twice = i === j ? 1 : 2;
      alongMean += twice * product * direction[i] * direction[j];
      if (squares[i] === 0 || squares[j] === 0) continue;
      covariances += (twice * product * product) / square / square;
      correlations += (twice * product * product) / squares[i] / squares[j];
    }
  const varying = n - constant.reduce((all, flag) => all + flag, 0);
  const statistics = {
    points: m,
    units: n,
    varying,
    square,
    quartic: moved.quartic,
    alongMean: length > 0 ? alongMean / length : 0,
  };
  return recordOf(statistics, { correlations, covariances }, options);
}
