import { ShapeError } from "@sonde/core";
import { drawable } from "./drawable.js";
import type { Values } from "./figure.js";

/** A grid of values: `values[row * xs.length + column]` at (xs[column], ys[row]), both rising. */
export interface Grid {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly values: Values;
}

type Point = readonly [x: number, y: number];

/** The corners at both ends of each side of a square, counted from its lower left; neighbours see a shared side the same way round, so its crossing is the same bits. */
const sides = [
  [0, 1],
  [1, 2],
  [3, 2],
  [0, 3],
] as const;

/**
 * The curves on which a grid has the value `level`: marching squares with linear interpolation along the sides; a saddle is split by the mean of its corners.
 * Squares with a missing corner are left out.
 *
 * Throws `ShapeError` where values and places do not fit.
 *
 * @example
 * isolines({ xs: [0, 1], ys: [0, 1], values: [0, 1, 0, 1] }, 0.5) // [[[0.5, 0], [0.5, 1]]]
 */
export function isolines({ xs, ys, values }: Grid, level: number): Point[][] {
  if (values.length !== xs.length * ys.length)
    throw new ShapeError(
      `a grid of ${xs.length} x ${ys.length} places takes ${xs.length * ys.length} values, got ${values.length}`,
    );
  const pieces: [Point, Point][] = [];
  for (let row = 0; row + 1 < ys.length; row++)
    for (let column = 0; column + 1 < xs.length; column++) {
      const at = row * xs.length + column;
      const heights = [values[at], values[at + 1], values[at + xs.length + 1], values[at + xs.length]];
      if (!heights.every(drawable)) continue;
      const corners: Point[] = [
        [xs[column], ys[row]],
        [xs[column + 1], ys[row]],
        [xs[column + 1], ys[row + 1]],
        [xs[column], ys[row + 1]],
      ];
      const above = heights.map((height) => height >= level);
      const crossings = sides.flatMap(([from, to]): Point[] => {
        if (above[from] === above[to]) return [];
        const share = (level - heights[from]) / (heights[to] - heights[from]);
        return [[between(corners[from][0], corners[to][0], share), between(corners[from][1], corners[to][1], share)]];
      });
      if (crossings.length === 4) {
        const middle = (heights[0] + heights[1] + heights[2] + heights[3]) / 4;
        // Cut off the two corners that lie on the other side than the middle.
        if (middle >= level !== above[0]) crossings.unshift(crossings.pop() as Point);
      }
      for (let k = 0; k + 1 < crossings.length; k += 2) pieces.push([crossings[k], crossings[k + 1]]);
    }
  return joined(pieces);
}

function between(from: number, to: number, share: number): number {
  return from + share * (to - from);
}

/** Pieces that share an end as one curve. */
function joined(pieces: readonly [Point, Point][]): Point[][] {
  const key = ([x, y]: Point) => `${x},${y}`;
  const atEnd = new Map<string, number[]>();
  for (const [k, ends] of pieces.entries()) for (const end of ends) atEnd.set(key(end), [...(atEnd.get(key(end)) ?? []), k]);
  const used = new Set<number>();
  /** The curve that goes on from a point, over pieces that are not used yet. */
  const follow = (from: Point): Point[] => {
    const points: Point[] = [];
    for (let at = from; ; ) {
      const next = atEnd.get(key(at))?.find((k) => !used.has(k));
      if (next === undefined) return points;
      used.add(next);
      const [a, b] = pieces[next];
      at = key(a) === key(at) ? b : a;
      points.push(at);
    }
  };
  return pieces.flatMap(([a, b], k) => {
    if (used.has(k)) return [];
    used.add(k);
    const forward = follow(b);
    return [[...follow(a).reverse(), a, b, ...forward]];
  });
}
