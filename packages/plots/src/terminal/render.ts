import { DomainError } from "@sonde/core";
import { cellScale } from "../cells.js";
import type { Figure, Panel } from "../figure.js";
import { legendItems } from "../legend.js";
import { type Scale, scalesOf } from "../scale.js";
import { canvas } from "./canvas.js";
import { drawMark } from "./marks.js";
import { painter, shareStyle, toneStyle, toneSymbol } from "./styles.js";

/** How a figure is drawn in characters. */
export interface TerminalOptions {
  /** Characters in a line, 40 to 1000. Default: 80. */
  readonly width?: number;
  /** Lines of the inside of a panel, 4 to 500. Default: 14. */
  readonly height?: number;
  /** Colours by escape sequences; without them curves are told apart by their symbols. Default: false. */
  readonly colours?: boolean;
}

/**
 * A figure in coarse form, as lines of characters: its panels below each other, each with its legend and axes.
 *
 * Throws `DomainError` for a size outside its range.
 */
export function renderTerminal(figure: Figure, { width = 80, height = 14, colours = false }: TerminalOptions = {}): string {
  if (!(width >= 40 && width <= 1000)) throw new DomainError(`a picture in characters is 40 to 1000 wide, got ${width}`);
  if (!(height >= 4 && height <= 500)) throw new DomainError(`a panel in characters is 4 to 500 lines high, got ${height}`);
  const paint = painter(colours);
  const head = [figure.title, figure.subtitle].flatMap((text, k) =>
    text ? [`  ${paint(cut(text, width - 2), k === 0 ? "1" : "2")}`] : [],
  );
  const panels = figure.panels.map((panel) => {
    // Named rows take two lines each.
    const rows = Math.max(height, 2 * (panel.y.names?.length ?? 0));
    return drawPanel(panel, Math.floor(width), Math.floor(rows), colours);
  });
  return [...head, ...panels.flatMap((lines) => ["", ...lines])].join("\n");
}

function drawPanel(panel: Panel, width: number, height: number, colours: boolean): string[] {
  const paint = painter(colours);
  const y = scalesOf(panel, "y")(panel.y.names ? height : Math.max(2, Math.floor(height / 3)));
  const left = Math.min(Math.floor(width / 2), 4 + Math.max(0, ...y.ticks.map(({ name }) => name.length)));
  const columns = width - left - 1;
  const x = scalesOf(panel, "x")(Math.max(1, Math.floor(columns / 12)));
  const inside = canvas(columns, height);
  const curves = new Set(panel.marks.flatMap((mark) => (mark.kind === "line" || mark.kind === "paths" ? [mark.tone] : [])));
  const cells = panel.marks.some(({ kind }) => kind === "cells");
  for (const mark of panel.marks)
    drawMark(mark, { canvas: inside, x, y, colours, symbols: cells || (!colours && curves.size > 1) });
  const names = new Map(y.ticks.map(({ at, name }) => [Math.round((1 - y.place(at)) * (height - 1)), cut(name, left - 2)]));
  return [
    ...(panel.title ? [`  ${paint(cut(panel.title, width - 2), "1")}`] : []),
    ...legendLines(panel, width, colours),
    ...(panel.y.label ? [`  ${paint(cut(panel.y.label, width - 2), "2")}`] : []),
    ...inside.lines(paint).map((line, r) => {
      const name = names.get(r);
      return `${paint(`${(name ?? "").padStart(left - 1)}${name === undefined ? "│" : "┤"}`, "2")}${line}`;
    }),
    paint(`${" ".repeat(left - 1)}└${axisLine(x, columns)}`, "2"),
    paint(`${" ".repeat(left)}${axisNames(x, columns)}`.trimEnd(), "2"),
    ...(panel.x.label ? [paint(cut(panel.x.label, width - 1).padStart(width - 1), "2")] : []),
  ];
}

function legendLines(panel: Panel, width: number, colours: boolean): string[] {
  const paint = painter(colours);
  const symbols = !colours;
  const items = legendItems(panel.marks).map(({ name, tone, line, dots, area }) => {
    const sign = symbols && (line || dots) ? toneSymbol(tone) : dots && !line ? toneSymbol(tone) : line ? "━" : area ? "█" : " ";
    return { sign: tone === "neutral" && line ? "╌" : sign, style: toneStyle(tone), name: cut(name, width - 4) };
  });
  const texts = items.map(({ sign, style, name }) => ({ length: name.length + 2, text: `${paint(sign, style)} ${name}` }));
  for (const mark of panel.marks) {
    if (mark.kind !== "cells") continue;
    const { domain, names } = cellScale(mark);
    if (!domain) continue;
    const shares = colours ? Array.from({ length: 12 }, (_, k) => (k + 0.5) / 12) : [0.1, 0.35, 0.6, 0.9];
    const bar = shares.map((share) => paint(...shareStyle(share, colours))).join("");
    const room = names[0].length + names[1].length + shares.length + 3;
    const label = cut(mark.label, width - 2 - room);
    texts.push({ length: label.length + room, text: `${label} ${names[0]} ${bar} ${names[1]}` });
  }
  const lines: { length: number; text: string }[] = [];
  for (const { length, text } of texts) {
    const last = lines.at(-1);
    if (last && last.length + 3 + length <= width - 2)
      lines[lines.length - 1] = { length: last.length + 3 + length, text: `${last.text}   ${text}` };
    else lines.push({ length, text });
  }
  return lines.map(({ text }) => `  ${text}`);
}

/** A text of at most so many characters, with an ellipsis where it was longer. */
function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

function axisLine(x: Scale, columns: number): string {
  const at = new Set(x.ticks.map((tick) => Math.round(x.place(tick.at) * (columns - 1))));
  return Array.from({ length: columns }, (_, c) => (at.has(c) ? "┬" : "─")).join("");
}

/** The words of the ticks below them, those that fit beside each other. */
function axisNames(x: Scale, columns: number): string {
  let line = "";
  for (const { at, name } of x.ticks) {
    const start = Math.min(columns - name.length, Math.max(0, Math.round(x.place(at) * (columns - 1) - (name.length - 1) / 2)));
    if (line.length === 0 || start > line.length) line = line.padEnd(start) + name;
  }
  return line;
}
