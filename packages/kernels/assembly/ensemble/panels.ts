// How weights are cut into panels that are made and used together.

/** Vectors of weights that are made and used together: 256 KiB. */
export const PANEL: i32 = 16384;

/** Units up to which a panel has all of them, and fewest that it is cut down to. */
const MOST_COLUMNS: i32 = 128;
const LEAST_COLUMNS: i32 = 32;

/** Units of a panel: all of them, or equal parts of whole blocks of draws; few where there are many inputs, so that a panel has many rows and sums seldom travel through memory. */
export function panelColumns(fanIn: i32, units: i32): i32 {
  if (units <= MOST_COLUMNS) return units;
  let most = max(LEAST_COLUMNS, min(MOST_COLUMNS, PANEL / fanIn));
  let parts = (units + most - 1) / most;
  return ((units + parts - 1) / parts + 3) & ~3;
}

/** Vectors from one row of a panel to the next: rows a multiple of 1 KiB apart, and half of that where they are many, would share few sets of the cache, so those get a gap. */
export function rowVectors(columns: i32, units: i32): i32 {
  return columns & (columns < units ? 31 : 63) ? columns : columns + 4;
}

/** So many vectors and the rest of their last line of the caches: what lies behind them then begins with one. */
export function wholeLines(vectors: i32): i32 {
  return (vectors + 3) & ~3;
}
