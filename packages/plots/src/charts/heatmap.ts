import { ShapeError } from "@sonde/core";
import type { Axis, CellMark, Figure, FigureText, Mark, Panel, Tone, Values } from "../figure.js";
import { isolines } from "../isolines.js";

/** Values over a grid, and the curves on which they have given levels. */
export interface HeatmapChart extends FigureText {
  readonly title: string;
  /** Places of the columns, rising. */
  readonly x: Axis & { readonly values: readonly number[] };
  /** Places of the rows, rising. */
  readonly y: Axis & { readonly values: readonly number[] };
  /** What the colours mean. */
  readonly colour: Pick<CellMark, "label" | "scale" | "domain">;
  /** [rows, columns], row-major. */
  readonly values: Values;
  /** Default: none. */
  readonly contours?: readonly { readonly level: number; readonly name?: string; readonly tone?: Tone }[];
  /** Drawn above. */
  readonly marks?: readonly Mark[];
  readonly description?: string;
}

/**
 * A grid of coloured cells, each around its place, with contours.
 *
 * Throws `ShapeError` where values and places do not fit.
 *
 * @example
 * heatmapFigure({ title: "Map", x: { label: "width", values: [1, 2] }, y: { label: "depth", values: [1] }, colour: { label: "p" }, values: [0, 1] })
 *   .panels[0].marks[0].kind // "cells"
 */
export function heatmapFigure({ title, subtitle, description, ...chart }: HeatmapChart): Figure {
  const { x, y, colour } = chart;
  return {
    title,
    subtitle,
    description: description ?? `${colour.label} in colours over ${x.label} and ${y.label}.`,
    panels: [heatmapPanel(chart)],
  };
}

/** The one panel of a heat map. */
export function heatmapPanel({
  title,
  x: { values: xs, ...x },
  y: { values: ys, ...y },
  colour,
  values,
  contours = [],
  marks = [],
}: Omit<HeatmapChart, "title"> & { readonly title?: string }): Panel {
  if (values.length !== xs.length * ys.length)
    throw new ShapeError(
      `a heat map of ${ys.length} rows and ${xs.length} columns takes ${xs.length * ys.length} values, got ${values.length}`,
    );
  return {
    title,
    x,
    y,
    marks: [
      { kind: "cells", ...colour, xEdges: edgesAround(xs, x.scale), yEdges: edgesAround(ys, y.scale), values },
      ...contours.map(
        ({ level, name, tone = "neutral" }): Mark => ({ kind: "paths", name, tone, paths: isolines({ xs, ys, values }, level) }),
      ),
      ...marks,
    ],
  };
}

/**
 * Edges of cells around places: halfway between neighbours, and as far outside.
 *
 * @example
 * edgesAround([1, 2, 4]) // [0.5, 1.5, 3, 5]
 */
export function edgesAround(places: readonly number[], scale: Axis["scale"] = "linear"): number[] {
  const log = scale === "log";
  if (places.length === 0) return [];
  if (places.length === 1) return log ? [places[0] / 2, places[0] * 2] : [places[0] - 0.5, places[0] + 0.5];
  const middle = (a: number, b: number) => (log ? Math.sqrt(a * b) : (a + b) / 2);
  const beyond = (end: number, next: number) => (log ? (end * end) / next : 2 * end - next);
  const inner = places.slice(1).map((place, k) => middle(places[k], place));
  return [beyond(places[0], inner[0]), ...inner, beyond(places[places.length - 1], inner[inner.length - 1])];
}
