import * as Plot from "@observablehq/plot";
import type { Panel } from "../figure.js";
import { scaleOf } from "../scale.js";
import type { SvgElement } from "../svg-document.js";
import type { Theme } from "../theme.js";
import { legend } from "./legend.js";
import { plotMarks } from "./marks.js";
import { pictureDocument } from "./nodes.js";
import { sizes, textWidth, wrapText } from "./text.js";

const line = 18;

/** A panel with its heading, legend and axes, in a box of this size with its corner at (0, 0). */
export function drawPanel(panel: Panel, theme: Theme, width: number, height: number): SvgElement {
  const { document, make } = pictureDocument();
  const group = make("g");
  let top = 0;
  for (const text of wrapText(panel.title ?? "", sizes.heading, width)) {
    top += line;
    group.append(make("text", { x: 0, y: top - 5, "font-size": sizes.heading, "font-weight": 600 }, text));
  }
  const names = legend(make, theme, panel, width);
  group.append(make("g", { transform: `translate(0,${top})` }, ...names.nodes));
  top += names.height;
  for (const text of wrapText(panel.y.label, sizes.label, width)) {
    top += line;
    group.append(make("text", { x: 0, y: top - 4, "font-size": sizes.label, fill: theme.muted }, text));
  }
  const xLabel = wrapText(panel.x.label, sizes.label, width);
  const bottom = height - line * xLabel.length;
  for (const [k, text] of xLabel.entries())
    group.append(
      make(
        "text",
        { x: width, y: bottom + line * (k + 1) - 4, "font-size": sizes.label, fill: theme.muted, "text-anchor": "end" },
        text,
      ),
    );
  group.append(
    axes(
      panel,
      theme,
      width,
      Math.max(60, bottom - top),
      document,
      make("g", { transform: `translate(0,${top})`, "text-anchor": "middle" }),
    ),
  );
  return group;
}

/** The axes and what is in them, moved out of the picture that Plot makes of them into `group`. */
function axes(panel: Panel, theme: Theme, width: number, height: number, document: unknown, group: SvgElement): SvgElement {
  const margins = { marginTop: 8, marginBottom: 20, marginRight: 12 };
  const y = scaleOf(panel, "y", Math.floor((height - 28) / 38));
  const marginLeft = Math.min(width / 2, 10 + Math.max(0, ...y.ticks.map(({ name }) => textWidth(name, sizes.tick))));
  // As many words along x as fit beside each other.
  const wide = (count: number) => Math.max(1, ...scaleOf(panel, "x", count).ticks.map(({ name }) => textWidth(name, sizes.tick)));
  const room = width - marginLeft - margins.marginRight;
  let count = Math.max(1, Math.floor(room / 60));
  while (count > 1 && scaleOf(panel, "x", count).ticks.length * (wide(count) + 10) > room) count--;
  const x = scaleOf(panel, "x", count);
  const nameOf = (scale: typeof x) => {
    const names = new Map(scale.ticks.map(({ at, name }) => [at, name]));
    return (at: number) => names.get(at) ?? "";
  };
  const [xTicks, yTicks] = [x, y].map(({ ticks }) => ticks.map(({ at }) => at));
  const grid = { stroke: theme.muted, strokeOpacity: 0.18 };
  const tick = { label: null, tickSize: 4, tickPadding: 3, fontSize: sizes.tick, fill: theme.muted, stroke: theme.muted };
  const cells = panel.marks.some(({ kind }) => kind === "cells");
  const picture = Plot.plot({
    document: document as Document,
    className: "plot",
    width,
    height,
    ...margins,
    marginLeft,
    x: { type: x.type, domain: [...x.domain], axis: null },
    y: { type: y.type, domain: [...y.domain], axis: null },
    color: { type: "identity" },
    marks: [
      ...(cells ? [] : [Plot.gridY(yTicks, grid), Plot.gridX(xTicks, grid)]),
      ...panel.marks.flatMap((mark) => plotMarks(mark, x, y, theme)),
      Plot.axisX(xTicks, { ...tick, tickFormat: nameOf(x) }),
      Plot.axisY(yTicks, { ...tick, tickFormat: nameOf(y) }),
    ],
  }) as unknown as SvgElement;
  for (const child of [...picture.childNodes]) if (!("tagName" in child && child.tagName === "style")) group.appendChild(child);
  return group;
}
