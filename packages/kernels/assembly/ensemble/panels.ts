// How weights are cut into panels that are made and used together.

/** Vectors of weights that are made and used together: 256 KiB. */
export const PANEL: i32 = 16384;

/** Most units of a panel: few, so that a panel has many rows and sums seldom travel through memory; many, so that the draws of a row are whole blocks. */
const MOST_COLUMNS: i32 = 128;

/** Units of a panel: all of them, or equal parts of whole blocks of draws. */
export function panelColumns(units: i32): i32 {
  if (units <= MOST_COLUMNS) return units;
  let parts = (units + MOST_COLUMNS - 1) / MOST_COLUMNS;
  return ((units + parts - 1) / parts + 3) & ~3;
}

/** So many vectors and the rest of their last line of the caches: what lies behind them then begins with one. */
export function wholeLines(vectors: i32): i32 {
  return (vectors + 3) & ~3;
}
