import { cellScale } from "../cells.js";
import type { CellMark, Panel } from "../figure.js";
import { type LegendItem, legendItems } from "../legend.js";
import type { SvgElement } from "../svg-document.js";
import { dashArrays, rampText, type Theme, toneColour } from "../theme.js";
import type { Make } from "./nodes.js";
import { cutText, sizes, textWidth, wrapText } from "./text.js";

const row = 18;
const sample = 22;
const gap = 16;

/** The legend of a panel above its axes, so that it never covers data, and its height. */
export function legend(make: Make, theme: Theme, panel: Panel, width: number): { nodes: SvgElement[]; height: number } {
  const nodes: SvgElement[] = [];
  let x = 0;
  let y = 0;
  const place = (wide: number) => {
    if (x > 0 && x + wide > width) [x, y] = [0, y + row];
    const at = [x, y + row / 2] as const;
    x += wide + gap;
    return at;
  };
  for (const item of legendItems(panel.marks)) {
    const [first = "", ...rest] = wrapText(item.name, sizes.label, width - sample - 6);
    const wide = sample + 6 + Math.max(...[first, ...rest].map((text) => textWidth(text, sizes.label)));
    const [left, middle] = place(wide);
    nodes.push(...swatch(make, theme, item, left, middle));
    for (const [k, text] of [first, ...rest].entries()) nodes.push(label(make, left + sample + 6, middle + k * row, text));
    y += row * rest.length;
  }
  for (const mark of panel.marks) {
    if (mark.kind !== "cells") continue;
    const parts = colourBar(mark, width);
    const [left, middle] = place(parts.width);
    nodes.push(...parts.draw(make, left, middle));
  }
  return { nodes, height: nodes.length > 0 ? y + row + 4 : 0 };
}

function swatch(make: Make, theme: Theme, { tone, line, dots, area }: LegendItem, x: number, y: number): SvgElement[] {
  const colour = toneColour(theme, tone);
  return [
    ...(area
      ? [make("rect", { x, y: y - 5, width: sample, height: 10, fill: colour, "fill-opacity": line || dots ? 0.2 : 0.55 })]
      : []),
    ...(line
      ? [
          make("line", {
            x1: x,
            x2: x + sample,
            y1: y,
            y2: y,
            stroke: colour,
            "stroke-width": 2,
            "stroke-dasharray": dashArrays[line],
          }),
        ]
      : []),
    ...(dots ? [make("circle", { cx: x + sample / 2, cy: y, r: 3, fill: colour })] : []),
  ];
}

/** The name of the colours, the scale and its ends in one row. */
function colourBar(mark: CellMark, width: number) {
  const { domain, names } = cellScale(mark);
  const [low, high] = names;
  const bar = Math.max(60, Math.min(160, width / 3));
  // Both ends stand at the bar, and what stands in for Arial may be an eighth wider.
  const wide = (text: string) => 1.125 * textWidth(text, sizes.label);
  const name = cutText(mark.label, sizes.label, Math.max(60, width - bar - wide(low) - wide(high) - 24));
  const steps = 48;
  return {
    width: wide(name) + wide(low) + bar + wide(high) + 24,
    draw(make: Make, x: number, y: number): SvgElement[] {
      if (!domain) return [label(make, x, y, name)];
      const start = x + wide(name) + 8 + wide(low);
      return [
        label(make, x, y, name),
        make("text", { x: start - 6, y, dy: "0.35em", "font-size": sizes.label, "text-anchor": "end" }, low),
        ...Array.from({ length: steps }, (_, k) =>
          make("rect", {
            x: start + (k * bar) / steps,
            y: y - 5,
            width: bar / steps + 0.5,
            height: 10,
            fill: rampText((k + 0.5) / steps),
          }),
        ),
        label(make, start + bar + 7, y, high),
      ];
    },
  };
}

function label(make: Make, x: number, y: number, text: string): SvgElement {
  return make("text", { x, y, dy: "0.35em", "font-size": sizes.label }, text);
}
