import * as Plot from "@observablehq/plot";
import { cellScale, coarse } from "../cells.js";
import type { BarMark, CellMark, Dash, Mark } from "../figure.js";
import { bandPieces, errorBars, linePieces } from "../pieces.js";
import type { Scale } from "../scale.js";
import { dashArrays, rampText, type Theme, toneColour } from "../theme.js";

type Point = readonly [x: number, y: number];

/** Up to so many points of a curve are marked by dots. */
const dotted = 40;

/** Where and how marks are drawn. */
export interface Drawing {
  readonly x: Scale;
  readonly y: Scale;
  readonly theme: Theme;
  /** Curves have a margin of the background's colour, to be seen on any colour. */
  readonly halo: boolean;
}

/** What Observable Plot draws for one mark. */
export function plotMarks(mark: Mark, { x, y, theme, halo }: Drawing): Plot.Markish[] {
  if (mark.kind === "cells") return cellMarks(mark, x, y, theme);
  const colour = toneColour(theme, mark.tone);
  switch (mark.kind) {
    case "band":
      return bandPieces(mark, x, y).map((points) =>
        points.length > 1
          ? Plot.areaY(points, { x: (p) => p[0], y1: (p) => p[1], y2: (p) => p[2], fill: colour, fillOpacity: 0.2 })
          : Plot.ruleX(points, {
              x: (p) => p[0],
              y1: (p) => p[1],
              y2: (p) => p[2],
              stroke: colour,
              strokeWidth: 6,
              strokeOpacity: 0.3,
            }),
      );
    case "line": {
      const { lines, dots } = linePieces(mark, x, y);
      const few = mark.x.length <= dotted && (mark.dash ?? "solid") === "solid" && !halo ? lines.flat() : [];
      return [...curves(lines, colour, mark.dash, halo ? theme : undefined), circles([...few, ...dots], colour, 2.2)];
    }
    case "dots": {
      const { lines, dots } = linePieces(mark, x, y);
      const bar = { stroke: colour, strokeWidth: 1.5 };
      const errors = errorBars(mark, x, y);
      return [
        mark.errors === "x"
          ? Plot.ruleY(errors, { y: (e) => e[0], x1: (e) => e[1], x2: (e) => e[2], ...bar })
          : Plot.ruleX(errors, { x: (e) => e[0], y1: (e) => e[1], y2: (e) => e[2], ...bar }),
        circles([...lines.flat(), ...dots], colour, 3),
      ];
    }
    case "paths": {
      const inside = mark.paths
        .map((path) => path.filter(([px, py]) => x.shows(px) && y.shows(py)))
        .filter(({ length }) => length > 1);
      return [...curves(inside, colour, mark.dash, halo ? theme : undefined), ...pathLabel(inside, mark.label, theme)];
    }
    case "bars":
      return [
        Plot.rect(barBoxes(mark, x, y), {
          x1: (c) => c[0],
          x2: (c) => c[1],
          y1: (c) => c[2],
          y2: (c) => c[3],
          fill: colour,
          fillOpacity: 0.55,
          inset: mark.along === "x" ? 3 : 0,
          insetLeft: mark.along === "x" ? 0 : 0.5,
          insetRight: mark.along === "x" ? 0 : 0.5,
        }),
      ];
    case "rule": {
      const scale = mark.axis === "x" ? x : y;
      const options = { stroke: colour, strokeWidth: 1.5, strokeDasharray: dashArrays[mark.dash ?? "solid"] };
      const at = scale.shows(mark.at) ? [mark.at] : [];
      return [mark.axis === "x" ? Plot.ruleX(at, options) : Plot.ruleY(at, options)];
    }
  }
}

function curves(lines: readonly (readonly Point[])[], colour: string, dash: Dash = "solid", halo?: Theme): Plot.Markish[] {
  const place = { x: (p: Point) => p[0], y: (p: Point) => p[1] };
  const style = {
    stroke: colour,
    strokeWidth: 1.8,
    strokeDasharray: dashArrays[dash],
    strokeLinecap: dash === "solid" ? "round" : "butt",
  } as const;
  return [
    ...(halo
      ? lines.map((points) => Plot.line(points, { ...place, stroke: halo.background, strokeWidth: 4, strokeOpacity: 0.75 }))
      : []),
    ...lines.map((points) => Plot.line(points, { ...place, ...style })),
  ];
}

/** Words in the middle of the longest of the curves. */
function pathLabel(paths: readonly (readonly Point[])[], label: string | undefined, theme: Theme): Plot.Markish[] {
  if (label === undefined || paths.length === 0) return [];
  const longest = paths.reduce((best, path) => (path.length > best.length ? path : best));
  const at = longest[Math.floor(longest.length / 2)];
  return [
    Plot.text([at], {
      x: (p) => p[0],
      y: (p) => p[1],
      text: () => label,
      fill: theme.text,
      stroke: theme.background,
      strokeWidth: 4,
      fontSize: 11,
    }),
  ];
}

function circles(points: readonly Point[], colour: string, radius: number): Plot.Markish {
  return Plot.dot(points, { x: (p) => p[0], y: (p) => p[1], r: radius, fill: colour });
}

/** Bars [x1, x2, y1, y2] inside the axes. */
function barBoxes({ edges, lengths, along = "y" }: BarMark, x: Scale, y: Scale): (readonly [number, number, number, number])[] {
  const [across, lengthwise] = along === "y" ? [x, y] : [y, x];
  const floor = lengthwise.clamp(lengthwise.type === "log" ? lengthwise.domain[0] : 0) as number;
  return lengths.flatMap((length, k) => {
    const [from, to, end] = [across.clamp(edges[k]), across.clamp(edges[k + 1]), lengthwise.clamp(length)];
    if (from === null || to === null || end === null || from === to) return [];
    return [along === "y" ? ([from, to, floor, end] as const) : ([floor, end, from, to] as const)];
  });
}

/** Rectangles, neighbours in a row of nearly one value as one. */
function cellMarks(mark: CellMark, x: Scale, y: Scale, theme: Theme): Plot.Markish[] {
  const { xEdges, yEdges, values } = coarse(mark, x, y);
  const { share } = cellScale(mark);
  const width = xEdges.length - 1;
  const runs: { left: number; right: number; low: number; high: number; fill: string }[] = [];
  for (let row = 0; row + 1 < yEdges.length; row++)
    for (let column = 0; column < width; ) {
      const fillOf = (at: number) => {
        const value = share(values[row * width + at]);
        return value === undefined ? theme.missing : rampText(value);
      };
      const fill = fillOf(column);
      let end = column + 1;
      while (end < width && fillOf(end) === fill) end++;
      const [left, right, low, high] = [
        x.clamp(xEdges[column]),
        x.clamp(xEdges[end]),
        y.clamp(yEdges[row]),
        y.clamp(yEdges[row + 1]),
      ];
      if (left !== null && right !== null && low !== null && high !== null && left < right && low < high)
        runs.push({ left, right, low, high, fill });
      column = end;
    }
  // A little overlap hides the seams between rectangles.
  return [
    Plot.rect(runs, {
      x1: "left",
      x2: "right",
      y1: "low",
      y2: "high",
      fill: "fill",
      insetLeft: -0.25,
      insetRight: -0.25,
      insetTop: -0.25,
      insetBottom: -0.25,
    }),
  ];
}
