import type { Axis, Dash, Figure, FigureText, Mark, Panel, Tone, Values } from "../figure.js";

/** A curve with what is known of its error. */
export interface Series {
  readonly name?: string;
  readonly x: Values;
  readonly y: Values;
  /** Ends of a band around it. Default: no band. */
  readonly low?: Values;
  readonly high?: Values;
  /** Default: its place among the series. */
  readonly tone?: Tone;
  readonly dash?: Dash;
}

export interface LineChart extends FigureText {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Drawn above the curves, such as rules. */
  readonly marks?: readonly Mark[];
  /** Default: the names of the series and the axes. */
  readonly description?: string;
}

/**
 * Curves over one axis, each with a band where `low` and `high` are given.
 *
 * @example
 * lineFigure({ title: "Decay", x: { label: "layer" }, y: { label: "share" }, series: [{ x: [1, 2], y: [1, 0.5] }] }).panels.length // 1
 */
export function lineFigure({ title, subtitle, x, y, series, marks, description }: LineChart): Figure {
  const names = series.flatMap(({ name }) => name ?? []).join(", ");
  return {
    title,
    subtitle,
    description: description ?? `${y.label} against ${x.label}${names && `: ${names}`}.`,
    panels: [linePanel({ x, y, series, marks })],
  };
}

/** The one panel of a line figure. */
export function linePanel({ title, x, y, series, marks = [] }: Omit<LineChart, "title"> & { readonly title?: string }): Panel {
  const toned = series.map((one, k) => ({ ...one, tone: one.tone ?? k }));
  return {
    title,
    x,
    y,
    marks: [
      ...toned.flatMap(({ name, tone, x, low, high }): Mark[] =>
        low && high ? [{ kind: "band", name, tone, x, low, high }] : [],
      ),
      ...toned.map(({ name, tone, dash, x, y }): Mark => ({ kind: "line", name, tone, dash, x, y })),
      ...marks,
    ],
  };
}
