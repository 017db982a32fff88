import * as Plot from "@observablehq/plot";
import type { Panel } from "../figure.js";
import { scalesOf } from "../scale.js";
import type { SvgElement } from "../svg-document.js";
import type { Theme } from "../theme.js";
import { legend } from "./legend.js";
import { plotMarks } from "./marks.js";
import { pictureDocument } from "./nodes.js";
import { cutText, sizes, textWidth, wrapText } from "./text.js";

const line = 18;

/** A panel whose axes wait to be drawn, below its heading and legend. */
export interface PanelDrawing {
  /** Height of what stands above the axes. */
  readonly head: number;
  /** The height that its axes ask for. */
  readonly height?: number;
  /** The panel in a box of this height with its corner at (0, 0), its axes beginning at `top`. */
  draw(top: number, height: number): SvgElement;
}

/** Heading, legend and axes of a panel of this width. */
export function drawPanel(panel: Panel, theme: Theme, width: number): PanelDrawing {
  const { document, make } = pictureDocument();
  const above: SvgElement[] = [];
  let head = 0;
  for (const text of wrapText(panel.title ?? "", sizes.heading, width)) {
    head += line;
    above.push(make("text", { x: 0, y: head - 5, "font-size": sizes.heading, "font-weight": 600 }, text));
  }
  const names = legend(make, theme, panel, width);
  above.push(make("g", { transform: `translate(0,${head})` }, ...names.nodes));
  head += names.height;
  const yLabel = wrapText(panel.y.label, sizes.label, width);
  const xLabel = wrapText(panel.x.label, sizes.label, width);
  head += line * yLabel.length;
  return {
    head,
    height: panel.height,
    draw(top, height) {
      const words = { "font-size": sizes.label, fill: theme.muted };
      const bottom = height - line * xLabel.length;
      const inside = make("g", { transform: `translate(0,${top})`, "text-anchor": "middle" });
      return make(
        "g",
        {},
        ...above,
        ...yLabel.map((text, k) => make("text", { x: 0, y: top - 4 - line * (yLabel.length - 1 - k), ...words }, text)),
        ...xLabel.map((text, k) =>
          make("text", { x: width, y: bottom + line * (k + 1) - 4, "text-anchor": "end", ...words }, text),
        ),
        axes(panel, theme, width, Math.max(60, bottom - top), document, inside),
      );
    },
  };
}

/** The axes and what is in them, moved out of the picture that Plot makes of them into `group`. */
function axes(panel: Panel, theme: Theme, width: number, height: number, document: unknown, group: SvgElement): SvgElement {
  const margins = { marginTop: 8, marginBottom: 20, marginRight: 12 };
  const y = scalesOf(panel, "y")(Math.floor((height - 28) / (panel.y.names ? 13 : 38)));
  const marginLeft = Math.min(width / 2, 10 + Math.max(0, ...y.ticks.map(({ name }) => textWidth(name, sizes.tick))));
  // As many words along x as fit beside each other.
  const xScales = scalesOf(panel, "x");
  const room = width - marginLeft - margins.marginRight;
  const fits = (count: number) => {
    const names = xScales(count).ticks.map(({ name }) => textWidth(name, sizes.tick) + 10);
    return names.length * Math.max(0, ...names) <= room;
  };
  let count = Math.max(1, Math.floor(room / 60));
  while (count > 1 && !fits(count)) count--;
  const x = xScales(count);
  const nameOf = (scale: typeof x, room: number) => {
    const names = new Map(scale.ticks.map(({ at, name }) => [at, cutText(name, sizes.tick, room)]));
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
      ...panel.marks.flatMap((mark) => plotMarks(mark, { x, y, theme, halo: cells })),
      Plot.axisX(xTicks, { ...tick, text: nameOf(x, room) }),
      Plot.axisY(yTicks, { ...tick, text: nameOf(y, marginLeft - 10) }),
    ],
  }) as unknown as SvgElement;
  for (const child of [...picture.childNodes]) if (!("tagName" in child && child.tagName === "style")) group.appendChild(child);
  return group;
}
