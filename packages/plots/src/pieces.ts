import type { BandMark, DotMark, LineMark } from "./figure.js";
import type { Scale } from "./scale.js";
import { thinned } from "./thin.js";

/** What a mark becomes inside its axes. */
export interface Pieces {
  /** Unbroken stretches of at least two points [x, y]. */
  readonly lines: readonly (readonly (readonly [x: number, y: number])[])[];
  /** Points on their own. */
  readonly dots: readonly (readonly [x: number, y: number])[];
}

/** A curve as unbroken stretches inside the axes; at most 2000 points of it. */
export function linePieces({ x, y }: LineMark | DotMark, xs: Scale, ys: Scale): Pieces {
  const stretches = split(thinned(x.length, [y]), (k) =>
    xs.shows(x[k]) && ys.shows(y[k]) ? ([x[k], y[k]] as const) : undefined,
  );
  return { lines: stretches.filter((points) => points.length > 1), dots: stretches.filter(({ length }) => length === 1).flat() };
}

/** A band as unbroken stretches [x, low, high], ended where the axes end. */
export function bandPieces(
  { x, low, high }: BandMark,
  xs: Scale,
  ys: Scale,
): (readonly [x: number, low: number, high: number])[][] {
  return split(thinned(x.length, [low, high]), (k) => {
    const [bottom, top] = [ys.clamp(low[k]), ys.clamp(high[k])];
    return xs.shows(x[k]) && bottom !== null && top !== null ? ([x[k], bottom, top] as const) : undefined;
  });
}

/** Error bars of dots [place across, low, high], ended where the axes end. */
export function errorBars(
  { x, y, low, high, errors = "y" }: DotMark,
  xs: Scale,
  ys: Scale,
): (readonly [at: number, low: number, high: number])[] {
  if (!low || !high) return [];
  const [places, across, lengthwise] = errors === "y" ? [x, xs, ys] : [y, ys, xs];
  return thinned(places.length, [low, high]).flatMap((k) => {
    const [at, from, to] = [places[k], lengthwise.clamp(low[k]), lengthwise.clamp(high[k])];
    return across.shows(at) && from !== null && to !== null ? [[at, from, to] as const] : [];
  });
}

function split<Point>(indices: readonly number[], pointAt: (index: number) => Point | undefined): Point[][] {
  const stretches: Point[][] = [[]];
  for (const k of indices) {
    const point = pointAt(k);
    if (point !== undefined) stretches[stretches.length - 1].push(point);
    else if (stretches[stretches.length - 1].length > 0) stretches.push([]);
  }
  return stretches.filter(({ length }) => length > 0);
}
