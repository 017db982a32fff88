import { cellScale, coarse } from "../cells.js";
import type { BarMark, LineMark, Mark, PathMark } from "../figure.js";
import { bandPieces, linePieces } from "../pieces.js";
import type { Scale } from "../scale.js";
import { type Canvas, straight } from "./canvas.js";
import { shareStyle, toneStyle, toneSymbol } from "./styles.js";

/** Where and how a mark is drawn. */
export interface Pen {
  readonly canvas: Canvas;
  readonly x: Scale;
  readonly y: Scale;
  readonly colours: boolean;
  /** Curves are told apart by symbols, not by fine dots of their colour. */
  readonly symbols: boolean;
}

/** Draws a mark in characters. */
export function drawMark(mark: Mark, pen: Pen): void {
  const { canvas, x, y } = pen;
  switch (mark.kind) {
    case "line": {
      const { lines, dots } = linePieces(mark, x, y);
      for (const points of [...lines, ...dots.map((dot) => [dot])]) curve(points, mark, pen);
      return;
    }
    case "paths":
      for (const path of mark.paths)
        curve(
          path.filter(([px, py]) => x.shows(px) && y.shows(py)),
          mark,
          pen,
        );
      return;
    case "dots": {
      const { lines, dots } = linePieces(mark, x, y);
      for (const [px, py] of [...lines.flat(), ...dots])
        canvas.put(column(pen, px), row(pen, py), toneSymbol(mark.tone), toneStyle(mark.tone));
      return;
    }
    case "band":
      for (const points of bandPieces(mark, x, y)) shade(points, pen);
      return;
    case "bars":
      for (const [k, length] of mark.lengths.entries()) bar(mark, length, mark.edges[k], mark.edges[k + 1], pen);
      return;
    case "rule":
      if (!(mark.axis === "x" ? x : y).shows(mark.at)) return;
      if (mark.axis === "x")
        for (let r = 0; r < canvas.rows; r++) canvas.back(column(pen, mark.at), r, "┆", toneStyle(mark.tone));
      else for (let c = 0; c < canvas.columns; c++) canvas.back(c, row(pen, mark.at), "╌", toneStyle(mark.tone));
      return;
    case "cells": {
      const { xEdges, yEdges, values } = coarse(mark, x, y, canvas.columns, canvas.rows);
      const { share } = cellScale(mark);
      for (let c = 0; c < canvas.columns; c++)
        for (let r = 0; r < canvas.rows; r++) {
          const [i, j] = [within(xEdges, (c + 0.5) / canvas.columns, x), within(yEdges, 1 - (r + 0.5) / canvas.rows, y)];
          const value = i < 0 || j < 0 ? undefined : share(values[j * (xEdges.length - 1) + i]);
          if (value !== undefined) canvas.back(c, r, ...shareStyle(value, pen.colours));
        }
      return;
    }
  }
}

/** A curve in dots or symbols, with gaps where it is not solid. */
function curve(
  points: readonly (readonly [x: number, y: number])[],
  { tone, dash = "solid" }: LineMark | PathMark,
  pen: Pen,
): void {
  const { canvas, symbols } = pen;
  const [wide, high] = symbols ? [canvas.columns, canvas.rows] : [2 * canvas.columns, 4 * canvas.rows];
  const places = points.map(([px, py]) => [spot(pen.x.place(px), wide), spot(1 - pen.y.place(py), high)] as const);
  const period = symbols ? 2 : 4;
  for (const [k, [x2, y2]] of places.entries()) {
    const [x1, y1] = places[Math.max(0, k - 1)];
    for (const [dx, dy] of straight(x1, y1, x2, y2))
      if (dash !== "solid" && (dx + dy) % period >= period / 2) continue;
      else if (symbols) canvas.put(dx, dy, toneSymbol(tone), toneStyle(tone));
      else canvas.dot(dx, dy, toneStyle(tone));
  }
}

/** The area of a band, as light shading behind the curves. */
function shade(points: readonly (readonly [x: number, low: number, high: number])[], pen: Pen): void {
  const spans = points.map(([px, low, high]) => [column(pen, px), row(pen, high), row(pen, low)] as const);
  for (const [k, [c2, top2, bottom2]] of spans.entries()) {
    const [c1, top1, bottom1] = spans[Math.max(0, k - 1)];
    for (let c = c1; c <= c2; c++) {
      const share = c2 === c1 ? 1 : (c - c1) / (c2 - c1);
      const [top, bottom] = [Math.round(top1 + share * (top2 - top1)), Math.round(bottom1 + share * (bottom2 - bottom1))];
      for (let r = top; r <= bottom; r++) pen.canvas.back(c, r, "░", "2");
    }
  }
}

/** A bar, to an eighth of a character where it is upright. */
function bar({ tone, along = "y" }: BarMark, length: number | null, from: number, to: number, pen: Pen): void {
  const { canvas, x, y } = pen;
  const [across, lengthwise] = along === "y" ? [x, y] : [y, x];
  const end = lengthwise.clamp(length);
  if (end === null) return;
  const count = along === "y" ? canvas.columns : canvas.rows;
  const [first, last] = [from, to].map((edge) => Math.round(across.place(across.clamp(edge) as number) * count));
  const size = along === "y" ? canvas.rows : canvas.columns;
  const eighths = Math.round(lengthwise.place(end) * 8 * size);
  for (let a = first; a < Math.max(first + 1, last - (along === "x" && last - first > 1 ? 1 : 0)); a++)
    for (let k = 0; k * 8 < eighths; k++) {
      const part = Math.min(7, eighths - 8 * k - 1);
      if (along === "y") canvas.put(a, canvas.rows - 1 - k, "▁▂▃▄▅▆▇█"[part], toneStyle(tone));
      else canvas.put(k, canvas.rows - 1 - a, "▏▎▍▌▋▊▉█"[part], toneStyle(tone));
    }
}

function column({ canvas, x }: Pen, value: number): number {
  return spot(x.place(value), canvas.columns);
}

function row({ canvas, y }: Pen, value: number): number {
  return spot(1 - y.place(value), canvas.rows);
}

function spot(share: number, count: number): number {
  return Math.max(0, Math.min(count - 1, Math.round(share * (count - 1))));
}

/** Between which edges a share of an axis lies. */
function within(edges: readonly number[], share: number, scale: Scale): number {
  let found = -1;
  for (let k = 0; k + 1 < edges.length; k++) {
    const low = scale.type === "log" && edges[k] <= 0 ? 0 : scale.place(edges[k]);
    if (share >= low && share < scale.place(edges[k + 1])) found = k;
  }
  return found;
}
