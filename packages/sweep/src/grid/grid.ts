import { ConfigError, quote } from "@sonde/core";
import { axisValues } from "./axis-values.js";

/** Values of every axis, by name: all combinations are meant, the last axis changing fastest. */
export type Grid = Readonly<Record<string, readonly string[]>>;

/** One combination: a value of every axis. */
export type Point = Readonly<Record<string, string>>;

/** Cells that a plan may have at most. */
const mostCells = 5_000_000;

/**
 * The grid that words such as `width=2..20` describe.
 *
 * Throws `ConfigError` for a word that is no axis, and for an axis that is given twice.
 *
 * @example
 * parseGrid(["width=2..4", "init=he-normal,rai"]) // { width: ["2", "3", "4"], init: ["he-normal", "rai"] }
 */
export function parseGrid(words: readonly string[]): Grid {
  const grid: Record<string, string[]> = {};
  for (const word of words) {
    const [, name, values] = /^([a-z][a-z0-9-]*)=(.*)$/is.exec(word) ?? [];
    if (name === undefined)
      throw new ConfigError(`${quote(word)} is no axis of a grid: write NAME=VALUES, as in width=2..20 or init=he-normal,rai`);
    if (Object.hasOwn(grid, name)) throw new ConfigError(`the axis ${quote(name)} is given twice: join its values`);
    grid[name] = axisValues(name, values);
  }
  return grid;
}

/**
 * How many combinations grids have together. Throws `ConfigError` beyond five millions.
 *
 * @example
 * gridSize([{ width: ["2", "3"], depth: ["1", "2"] }]) // 4
 */
export function gridSize(grids: readonly Grid[]): number {
  const sizes = grids.map((grid) => Object.values(grid).reduce((size, values) => size * values.length, 1));
  const size = sizes.reduce((sum, one) => sum + one, 0);
  if (size > mostCells)
    throw new ConfigError(`the plan has ${size} cells, more than the ${mostCells} of a store: take fewer values`);
  return size;
}

/**
 * The combinations of grids, one grid after the other.
 *
 * @example
 * [...points([{ width: ["2", "3"], depth: ["1"] }])] // [{ width: "2", depth: "1" }, { width: "3", depth: "1" }]
 */
export function* points(grids: readonly Grid[]): Generator<Point> {
  for (const grid of grids) {
    const names = Object.keys(grid);
    const lists = Object.values(grid);
    const places = lists.map(() => 0);
    const size = gridSize([grid]);
    for (let k = 0; k < size; k++) {
      const point: Record<string, string> = {};
      for (let a = 0; a < names.length; a++) point[names[a]] = lists[a][places[a]];
      yield point;
      for (let a = names.length - 1; a >= 0 && ++places[a] === lists[a].length; a--) places[a] = 0;
    }
  }
}
