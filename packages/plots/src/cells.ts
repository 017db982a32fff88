import { log10 } from "@sonde/core/math";
import { drawable, extent } from "./drawable.js";
import type { CellMark } from "./figure.js";
import { scientific } from "./ticks.js";

/** Most rows and columns of rectangles that are drawn; more are averaged. */
const most = 128;

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
  const found = domain ?? extent(values, log ? (value) => value > 0 : undefined);
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

/** The same cells in at most 128 rows and columns: blocks of neighbours become the mean of their values. */
export function coarse(mark: CellMark, rows = most, columns = most): CellMark {
  const [height, width] = [mark.yEdges.length - 1, mark.xEdges.length - 1];
  if (height <= rows && width <= columns) return mark;
  const [down, across] = [Math.ceil(height / rows), Math.ceil(width / columns)];
  const values: (number | null)[] = [];
  for (let top = 0; top < height; top += down)
    for (let left = 0; left < width; left += across) {
      let [sum, count] = [0, 0];
      for (let r = top; r < Math.min(height, top + down); r++)
        for (let c = left; c < Math.min(width, left + across); c++) {
          const value = mark.values[r * width + c];
          if (!drawable(value)) continue;
          sum += value;
          count++;
        }
      values.push(count > 0 ? sum / count : null);
    }
  return { ...mark, xEdges: everyNth(mark.xEdges, across), yEdges: everyNth(mark.yEdges, down), values };
}

function everyNth(edges: readonly number[], step: number): number[] {
  const kept = edges.filter((_, k) => k % step === 0 && k < edges.length - 1);
  return [...kept, edges[edges.length - 1]];
}
