import { ConfigError, DomainError, quote } from "@sonde/core";
import type { Figure } from "../figure.js";
import { themeOf } from "../theme.js";
import { pictureDocument } from "./nodes.js";
import { drawPanel } from "./panel.js";
import { sizes, wrapText } from "./text.js";

/** How a figure is drawn. */
export interface SvgOptions {
  /** `light`, `dark`, or `page`: the colours that the page around it defines, see `themeVariables`. Default: light. */
  readonly theme?: "light" | "dark" | "page";
  /** Pixels, 240 to 10000. Default: 760. */
  readonly width?: number;
  /** Pixels, 180 to 10000. Default: what the panels take. */
  readonly height?: number;
}

const padding = 16;
const gutter = 24;
/** Least height of axes with their ticks and label. */
const leastInside = 90;
/** The font of the PNG first, then what systems have. */
const fonts = "'Source Sans 3', 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif";

/**
 * A figure as a standalone SVG: valid XML with its own fonts and colours, with a title and a description for those who cannot see it. One figure and one size
 * always give the same text.
 *
 * Throws `ConfigError` for an unknown theme and `DomainError` for a size outside its range or too small for the panels.
 *
 * @example
 * renderSvg(lineFigure({ title: "One", x: { label: "x" }, y: { label: "y" }, series: [{ x: [0, 1], y: [0, 1] }] })).slice(0, 40)
 * // '<svg xmlns="http://www.w3.org/2000/svg" '
 */
export function renderSvg(figure: Figure, { theme: name = "light", width = 760, height }: SvgOptions = {}): string {
  const theme = themeOf(name);
  if (!theme) throw new ConfigError(`the theme is light, dark or page, got ${quote(String(name))}`);
  checkSize("width", width, 240);
  if (height !== undefined) checkSize("height", height, 180);
  const inside = width - 2 * padding;
  const columns = inside >= 600 ? Math.max(1, Math.min(figure.columns ?? 2, figure.panels.length)) : 1;
  const rows = Math.ceil(figure.panels.length / columns);
  const panelWidth = (inside - gutter * (columns - 1)) / columns;

  const { make } = pictureDocument();
  const header = make("g");
  let top = padding - 4;
  for (const text of wrapText(figure.title, sizes.title, inside)) {
    top += 21;
    header.append(make("text", { x: padding, y: top - 4, "font-size": sizes.title, "font-weight": 600 }, text));
  }
  for (const text of wrapText(figure.subtitle ?? "", sizes.label, inside)) {
    top += 17;
    header.append(make("text", { x: padding, y: top - 3, "font-size": sizes.label, fill: theme.muted }, text));
  }
  top += 10;
  const drawings = figure.panels.map((panel) => drawPanel(panel, theme, panelWidth));
  // Axes beside each other begin at one height.
  const inRow = (row: number) => drawings.slice(row * columns, (row + 1) * columns);
  const heads = Array.from({ length: rows }, (_, row) => Math.max(...inRow(row).map(({ head }) => head)));
  const gaps = Math.max(0, rows - 1) * gutter;
  const least = Math.ceil(top + heads.reduce((sum, head) => sum + head + leastInside, 0) + gaps + padding);
  if (height !== undefined && height < least)
    throw new DomainError(`this figure takes a height of at least ${least} pixels at this width, got ${height}`);
  const shared = height === undefined ? undefined : (height - top - padding - gaps) / Math.max(1, rows);
  const natural = Math.max(200, Math.min(400, Math.round(panelWidth * 0.6)));
  const heights = heads.map((head, row) => shared ?? head + Math.max(...inRow(row).map(({ height: asked = natural }) => asked)));
  const total = height ?? Math.ceil(top + heights.reduce((sum, one) => sum + one, 0) + gaps + padding);

  const svg = make(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height: total,
      viewBox: `0 0 ${width} ${total}`,
      role: "img",
      "aria-label": figure.title,
      "font-family": fonts,
      color: theme.text,
      fill: theme.text,
      style: "max-width: 100%; height: auto",
    },
    make("title", {}, figure.title),
    make("desc", {}, figure.description),
    make("rect", { width, height: total, fill: theme.background }),
    header,
  );
  for (const [k, drawing] of drawings.entries()) {
    const row = Math.floor(k / columns);
    const x = padding + (k % columns) * (panelWidth + gutter);
    svg.append(make("g", { transform: `translate(${x},${top})` }, drawing.draw(heads[row], heights[row])));
    if (k % columns === columns - 1) top += heights[row] + gutter;
  }
  return `${svg}\n`;
}

function checkSize(which: string, value: number, least: number): void {
  if (value >= least && value <= 10_000) return;
  throw new DomainError(`the ${which} of a picture is ${least} to 10000 pixels, got ${value}`);
}
