import * as Plot from "@observablehq/plot";
import { cellScale, coarse } from "../cells.js";
import type { BarMark, CellMark, Mark } from "../figure.js";
import { bandPieces, linePieces } from "../pieces.js";
import type { Scale } from "../scale.js";
import { dashArrays, rampText, type Theme, toneColour } from "../theme.js";

type Point = readonly [x: number, y: number];

/** Up to so many points of a curve are marked by dots. */
const dotted = 40;

/** What Observable Plot draws for one mark. */
export function plotMarks(mark: Mark, x: Scale, y: Scale, theme: Theme): Plot.Markish[] {
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
      const few = mark.x.length <= dotted && (mark.dash ?? "solid") === "solid" ? lines.flat() : [];
      return [...curves(lines, colour, dashArrays[mark.dash ?? "solid"]), circles([...few, ...dots], colour, 2.2)];
    }
    case "dots": {
      const { lines, dots } = linePieces(mark, x, y);
      const errors =
        mark.low && mark.high ? bandPieces({ ...mark, kind: "band", low: mark.low, high: mark.high }, x, y).flat() : [];
      return [
        Plot.ruleX(errors, { x: (p) => p[0], y1: (p) => p[1], y2: (p) => p[2], stroke: colour, strokeWidth: 1.5 }),
        circles([...lines.flat(), ...dots], colour, 3),
      ];
    }
    case "paths":
      return curves(
        mark.paths.map((path) => path.filter(([px, py]) => x.shows(px) && y.shows(py))).filter(({ length }) => length > 1),
        colour,
        dashArrays[mark.dash ?? "solid"],
      );
    case "bars":
      return [
        Plot.rect(columns(mark, x, y), {
          x1: (c) => c[0],
          x2: (c) => c[1],
          y1: (c) => c[2],
          y2: (c) => c[3],
          fill: colour,
          fillOpacity: 0.55,
          insetLeft: 0.5,
          insetRight: 0.5,
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

function curves(lines: readonly (readonly Point[])[], colour: string, dashes?: string): Plot.Markish[] {
  return lines.map((points) =>
    Plot.line(points, {
      x: (p) => p[0],
      y: (p) => p[1],
      stroke: colour,
      strokeWidth: 1.8,
      strokeDasharray: dashes,
      strokeLinecap: dashes ? "butt" : "round",
    }),
  );
}

function circles(points: readonly Point[], colour: string, radius: number): Plot.Markish {
  return Plot.dot(points, { x: (p) => p[0], y: (p) => p[1], r: radius, fill: colour });
}

/** Columns [left, right, bottom, top] inside the axes. */
function columns({ edges, y: heights }: BarMark, x: Scale, y: Scale): (readonly [number, number, number, number])[] {
  const floor = y.type === "log" ? y.domain[0] : Math.max(y.domain[0], Math.min(y.domain[1], 0));
  return heights.flatMap((height, k) => {
    const [left, right, top] = [x.clamp(edges[k]), x.clamp(edges[k + 1]), y.clamp(height)];
    return left === null || right === null || top === null || left === right ? [] : [[left, right, floor, top] as const];
  });
}

/** Rectangles, neighbours in a row of nearly one value as one. */
function cellMarks(mark: CellMark, x: Scale, y: Scale, theme: Theme): Plot.Markish[] {
  const { xEdges, yEdges, values } = coarse(mark);
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
  // Half a pixel of overlap hides the seams between rectangles.
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
