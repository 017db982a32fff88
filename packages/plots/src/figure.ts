/** Numbers to draw; what is null or not finite is left out, as a gap. */
export type Values = readonly (number | null)[];

/** A colour by its role: a place in the palette of the theme, from 0, or `neutral` for what everything else is compared with. */
export type Tone = number | "neutral";

/** How a line is drawn. */
export type Dash = "solid" | "dashed" | "dotted";

/** One axis of a panel. */
export interface Axis {
  /** What is measured, with its unit in parentheses where it has one. */
  readonly label: string;
  /** Default: linear. A logarithmic axis leaves out what is not above 0. */
  readonly scale?: "linear" | "log";
  /** First and last value shown; what lies outside is not drawn. Default: all data. */
  readonly domain?: readonly [low: number, high: number];
  /** Only whole numbers are marked, as for layers. Default: false. */
  readonly whole?: boolean;
  /** The marks of the axis and their words, for what is no number. Default: round numbers. */
  readonly names?: readonly { readonly at: number; readonly name: string }[];
}

/** A curve through (x, y), broken where a value is missing. */
export interface LineMark {
  readonly kind: "line";
  /** Its name in the legend. Default: not in the legend. */
  readonly name?: string;
  readonly tone: Tone;
  readonly dash?: Dash;
  readonly x: Values;
  readonly y: Values;
}

/** The area between `low` and `high` over x. */
export interface BandMark {
  readonly kind: "band";
  readonly name?: string;
  readonly tone: Tone;
  readonly x: Values;
  readonly low: Values;
  readonly high: Values;
}

/** Dots at (x, y), with error bars from `low` to `high`, values of y or of x, where they are given. */
export interface DotMark {
  readonly kind: "dots";
  readonly name?: string;
  readonly tone: Tone;
  readonly x: Values;
  readonly y: Values;
  readonly low?: Values;
  readonly high?: Values;
  /** The axis along which error bars lie. Default: y. */
  readonly errors?: "x" | "y";
}

/** Bars from 0 (from the axis's end where it is logarithmic) to lengths[k] over edges[k] to edges[k + 1]. */
export interface BarMark {
  readonly kind: "bars";
  readonly name?: string;
  readonly tone: Tone;
  /** The axis along which they are long. Default: y. */
  readonly along?: "x" | "y";
  /** One more than bars. */
  readonly edges: readonly number[];
  readonly lengths: Values;
}

/** Coloured rectangles: value [row, column] over yEdges[row] to yEdges[row + 1] and xEdges[column] to xEdges[column + 1]. */
export interface CellMark {
  readonly kind: "cells";
  /** What the colours mean, with its unit. */
  readonly label: string;
  /** Default: linear. */
  readonly scale?: "linear" | "log";
  /** Values of the first and the last colour; beyond them the colour stays. Default: all data. */
  readonly domain?: readonly [low: number, high: number];
  readonly xEdges: readonly number[];
  readonly yEdges: readonly number[];
  /** [rows, columns], row-major. */
  readonly values: Values;
}

/** Curves that need not have one y for an x, such as contours. */
export interface PathMark {
  readonly kind: "paths";
  readonly name?: string;
  readonly tone: Tone;
  readonly dash?: Dash;
  /** Words on the longest of them. Default: none. */
  readonly label?: string;
  readonly paths: readonly (readonly (readonly [x: number, y: number])[])[];
}

/** A straight line across the whole panel where x or y has a value. */
export interface RuleMark {
  readonly kind: "rule";
  readonly name?: string;
  readonly tone: Tone;
  readonly dash?: Dash;
  readonly axis: "x" | "y";
  readonly at: number;
}

export type Mark = LineMark | BandMark | DotMark | BarMark | CellMark | PathMark | RuleMark;

/** One system of axes and what is drawn in it, first what lies at the bottom. */
export interface Panel {
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly Mark[];
  /** Height of the inside in pixels of the SVG, where the picture's own height is not asked for. Default: 0.6 of the width. */
  readonly height?: number;
}

/** A picture as data: `renderSvg`, `renderTerminal` and `renderPng` (of `@sonde/plots/node`) draw it. */
export interface Figure {
  readonly title: string;
  /** What the numbers are of: model, inputs, count. */
  readonly subtitle?: string;
  /** What is to be seen, in a sentence for those who cannot see it. */
  readonly description: string;
  /** Panels beside each other in an SVG at most. Default: 2. */
  readonly columns?: number;
  readonly panels: readonly Panel[];
}

/** What a figure of a result says beside the result itself. */
export interface FigureText {
  /** Default: what is shown. */
  readonly title?: string;
  readonly subtitle?: string;
}
