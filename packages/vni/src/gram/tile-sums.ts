import type { Reals } from "@sonde/core";
import { type GramKernels, panelVectors } from "@sonde/kernels/gram";
import type { GramJob } from "./job.js";
import { kernelsOf } from "./kernels.js";
import { type Tile, tileSide } from "./tiles.js";

/** Products summed in the kernels' precision before they go to float64. */
const blockLength = 256;

/** Sums of squared products over a tile and its mirror image: plain, and weighted (0 without weights). */
export type PairSums = readonly [number, number];

/** Prepares a job once and returns the function that sums one tile. */
export function prepareTiles(job: GramJob): (tile: Tile) => PairSums {
  const withProducts = prepareProducts(job);
  return (tile) => withProducts(tile, (products) => reduce(job, products));
}

/** Prepares a job once and returns the function that computes a tile and shows its products, which are valid only until `use` returns. */
export function prepareProducts(job: GramJob): <Result>(tile: Tile, use: (products: Products) => Result) => Result {
  const kernels = kernelsOf(job.precision);
  return (tile, use) => {
    const mark = kernels.mark();
    try {
      return use(products(job, tile, kernels));
    } finally {
      kernels.release(mark);
    }
  };
}

/** The products of the vectors from `row` and from `column` on, as the kernels leave them: [panels of columns][height][vectors of a panel]. */
export interface Products {
  readonly row: number;
  readonly column: number;
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** Rows in whole panels. */
  readonly height: number;
  /** Vectors of a panel. */
  readonly per: number;
}

/** Shows the products of a tile one by one, with the vectors' indices; in tiles on the diagonal those on and above it. */
export function eachProduct(
  { row, column, values, rows, columns, height, per }: Products,
  use: (i: number, j: number, product: number) => void,
): void {
  for (let first = 0; first < columns; first += per)
    for (let i = 0, at = first * height; i < rows; i++, at += per)
      for (let j = first; j < first + per && j < columns; j++)
        if (row !== column || i <= j) use(row + i, column + j, values[at + j - first]);
}

function products(job: GramJob, { pass, row, column }: Tile, kernels: GramKernels): Products {
  const count = job.vectors === "units" ? job.units : job.points;
  const length = job.vectors === "units" ? job.points : job.units;
  const side = tileSide(count);
  const [fromRow, fromColumn] = [row * side, column * side];
  const [rows, columns] = [Math.min(side, count - fromRow), Math.min(side, count - fromColumn)];
  const per = panelVectors[kernels.precision];
  const whole = (vectors: number) => per * Math.ceil(vectors / per);
  const [height, width] = [whole(rows), whole(columns)];
  const out = kernels.allocate(8 * height * width);
  const left = preparePanels(job, pass, fromRow, rows, kernels);
  const right = column === row ? left : preparePanels(job, pass, fromColumn, columns, kernels);
  kernels.doubles(out, height * width).fill(0);
  for (let first = 0; first < length; first += blockLength) {
    const some = Math.min(blockLength, length - first);
    left.fill(first, some);
    if (right !== left) right.fill(first, some);
    kernels.multiply(left, right, some, out, "panels");
  }
  return { row: fromRow, column: fromColumn, values: kernels.doubles(out, height * width), rows, columns, height, per };
}

/** Room for the panels of some vectors, which `fill` takes from the data a block at a time. */
function preparePanels(
  { data, units, vectors, shifts, passes }: GramJob,
  pass: number,
  from: number,
  count: number,
  kernels: GramKernels,
) {
  const bytes = kernels.precision === "float32" ? 4 : 8;
  const reals = kernels.precision === "float32" ? kernels.floats : kernels.doubles;
  const byUnits = vectors === "units";
  // Rows of a power of two would share few sets of the caches.
  const cols = byUnits ? count + 64 / bytes : blockLength;
  const raw = kernels.allocate(bytes * (byUnits ? blockLength : count) * cols);
  const panels = kernels.allocate(kernels.panelBytes(count, blockLength));
  const room = byUnits ? kernels.panelBytes(count, 1) / bytes : blockLength;
  const [shiftsAt, scalesAt] = [kernels.allocate(bytes * room), kernels.allocate(bytes * room)];
  const setFactors = (first: number, some: number): void => {
    reals(shiftsAt, room)
      .fill(0)
      .set(shifts.subarray(first, first + some));
    reals(scalesAt, room)
      .fill(0)
      .set(passes[pass].factors.subarray(first, first + some));
  };
  if (byUnits) setFactors(from, count);
  return {
    panels,
    vectors: count,
    fill(first: number, length: number): void {
      const options = { x: raw, stride: bytes * cols, length, vectors: count, shifts: shiftsAt, scales: scalesAt, out: panels };
      if (byUnits) {
        copyBlock(data, units, { row: first, rows: length, column: from, columns: count }, reals(raw, length * cols), cols);
        kernels.packColumns(options);
      } else {
        copyBlock(data, units, { row: from, rows: count, column: first, columns: length }, reals(raw, count * cols), cols);
        setFactors(first, length);
        kernels.packRows(options);
      }
    },
  };
}

interface Block {
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
}

function copyBlock(data: Reals, units: number, { row, rows, column, columns }: Block, out: Reals, stride: number): void {
  if (columns === units && stride === units) out.set(data.subarray(row * units, (row + rows) * units));
  else
    for (let p = 0; p < rows; p++) {
      const start = (row + p) * units + column;
      out.set(data.subarray(start, start + columns), p * stride);
    }
}

/** The sums of squares over a tile; what lies off the diagonal counts twice. */
function reduce({ weights }: GramJob, { row, column, values, rows, columns, height, per }: Products): PairSums {
  let plain = 0;
  let weighted = 0;
  const diagonal = row === column;
  for (let first = 0; first < columns; first += per) {
    const last = Math.min(first + per, columns);
    const below = diagonal ? last : rows;
    for (let i = 0, at = first * height - first; i < below; i++, at += per) {
      let own = 0;
      let ownWeighted = 0;
      for (let j = diagonal && i > first ? i : first; j < last; j++) {
        const value = values[at + j];
        const square = diagonal && i === j ? 0.5 * value * value : value * value;
        own += square;
        if (weights) ownWeighted += square * weights[column + j];
      }
      plain += own;
      if (weights) weighted += ownWeighted * weights[row + i];
    }
  }
  return [2 * plain, 2 * weighted];
}
