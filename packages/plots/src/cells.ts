import { log10 } from "@sonde/core/math";
import { drawable, extent } from "./drawable.js";
import type { CellMark } from "./figure.js";
import type { Scale } from "./scale.js";
import { scientific } from "./ticks.js";

/** Most rows and columns of rectangles that are drawn; more are averaged. */
const most = 96;

/** How values become shares of the scale of colours. */
export interface CellScale {
  /** Undefined where no value can be drawn. */
  readonly domain: readonly [low: number, high: number] | undefined;
  /** The ends in words. */
  readonly names: readonly [low: string, high: string];
  /** A share in [0, 1], undefined for what has no colour. */
  share(value: number | null): number | undefined;
}

export function cellScale({ values, scale, domain }: CellMark): CellScale {
  const log = scale === "log";
  const found = domain ?? extent([values], log);
  if (!found) return { domain: undefined, names: ["", ""], share: () => undefined };
  const on = log ? log10 : (value: number) => value;
  const [low, high] = found.map(on);
  return {
    domain: found,
    names: [scientific(found[0]), scientific(found[1])],
    share(value) {
      if (!drawable(value) || (log && value < 0)) return undefined;
      if (high === low) return 0.5;
      // On a logarithmic scale 0 lies below every end.
      return value === 0 && log ? 0 : Math.max(0, Math.min(1, (on(value) - low) / (high - low)));
    },
  };
}

/** The same cells in at most about 96 rows and columns on the axes: blocks of neighbours become the mean of their values. */
export function coarse(mark: CellMark, x: Scale, y: Scale, columns = most, rows = most): CellMark {
  const [across, down] = [blocks(mark.xEdges, x, columns), blocks(mark.yEdges, y, rows)];
  const width = mark.xEdges.length - 1;
  if (across.length === mark.xEdges.length && down.length === mark.yEdges.length) return mark;
  const values: (number | null)[] = [];
  for (let r = 0; r + 1 < down.length; r++)
    for (let c = 0; c + 1 < across.length; c++) {
      let sum = 0;
      let count = 0;
      for (let row = down[r]; row < down[r + 1]; row++)
        for (let column = across[c]; column < across[c + 1]; column++) {
          const value = mark.values[row * width + column];
          if (!drawable(value)) continue;
          sum += value;
          count++;
        }
      values.push(count > 0 ? sum / count : null);
    }
  return { ...mark, xEdges: across.map((k) => mark.xEdges[k]), yEdges: down.map((k) => mark.yEdges[k]), values };
}

/** Which edges to keep so that they are about 1 / most of the axis apart. */
function blocks(edges: readonly number[], scale: Scale, most: number): number[] {
  if (edges.length <= most + 1) return edges.map((_, k) => k);
  const places = edges.map((edge) => scale.place(scale.clamp(edge) as number));
  const kept = [0];
  for (let k = 1; k < edges.length - 1; k++) if (places[k] - places[kept[kept.length - 1]] >= 1 / most - 1e-9) kept.push(k);
  return edges.length > 1 ? [...kept, edges.length - 1] : kept;
}
