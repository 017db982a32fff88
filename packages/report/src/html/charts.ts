import {
  anglesFigure,
  deathFigure,
  type Figure,
  gradientsFigure,
  lineFigure,
  type Panel,
  recordedCheckFigure,
  renderSvg,
  scaleFigure,
  unitsFigure,
  vniFigure,
} from "@sonde/plots";
import type { CheckedLayer, CheckRecord, CheckResult } from "../check-record.js";
import { isNumber } from "../text.js";
import { html, type Markup, raw } from "./markup.js";
import type { Section } from "./section.js";

/** Pixels of one chart: a phone's width, so that it is never made smaller there. */
const width = 350;

/** A chart for every question that was answered layer by layer. */
export function charts({ result }: CheckRecord): Section | undefined {
  const figures = figuresOf(result).flatMap((figure) =>
    figure.panels.filter(hasData).map((panel, k) => ({ ...figure, panels: [panel], title: titleOf(figure, panel, k) })),
  );
  if (figures.length === 0) return undefined;
  return {
    id: "charts",
    title: "Charts",
    note: "Bands are 95 % intervals, or one standard deviation of networks where it says so. All numbers are in the table below.",
    content: html`<div class="charts">${figures.map(drawn)}</div>`,
  };
}

/** One panel as a picture of its own, its title above it as text. */
function drawn({ title, panels: [panel], ...figure }: Figure): Markup {
  const svg = renderSvg({ ...figure, title, panels: [{ ...panel, title: undefined }] }, { theme: "page", width });
  // A picture is one thing to those who hear it: its parts have no names of their own.
  return html`<figure>${raw(svg.replaceAll(/(<g\b[^>]*?) aria-label="[^"]*"/g, "$1"))}</figure>`;
}

/** That of the panel, of the first without one that of the figure, of others what is measured. */
function titleOf({ title }: Figure, panel: Panel, index: number): string {
  if (panel.title !== undefined || index === 0) return panel.title ?? title;
  const { label } = panel.y;
  return label.charAt(0).toUpperCase() + label.slice(1);
}

function hasData({ marks }: Panel): boolean {
  return marks.some((mark) => "y" in mark && mark.y.some(isNumber));
}

function figuresOf(result: CheckResult): Figure[] {
  const { layers, bornDead, bounds, nodes, widthLimit } = result;
  if (layers.length < 1) return [];
  const has = <Field extends keyof CheckedLayer>(field: Field) =>
    layers.flatMap((layer) => (layer[field] === undefined ? [] : [layer as CheckedLayer & Required<Pick<CheckedLayer, Field>>]));
  const angles = has("logSin2");
  const living = layers.flatMap(({ layer, livingRatio, deadHere }) =>
    livingRatio && deadHere ? [{ layer, livingRatio, deadHere }] : [],
  );
  const recorded = layers.flatMap(({ layer, livingRatio, deadUnits, constantUnits }) =>
    livingRatio && deadUnits && constantUnits ? [{ layer, livingRatio, deadUnits, constantUnits }] : [],
  );
  const predicted = layers.flatMap(({ layer, predicted: finiteWidth }) => (finiteWidth ? [{ layer, finiteWidth }] : []));
  const units = nodes?.layers ?? layers.flatMap(nodesOf);
  return [
    ...(bornDead && living.length > 0
      ? [deathFigure({ bornDead, bounds, layers: living })]
      : recorded.length > 0
        ? [recordedCheckFigure({ layers: recorded }, { title: "Living points and units" })]
        : []),
    ...(angles.length > 0
      ? [
          anglesFigure(
            { measured: { layers: angles }, ...(predicted.length > 0 && { predicted: { layers: predicted } }) },
            { title: "Angle between inputs" },
          ),
        ]
      : []),
    ...(units.length > 0 ? [nodesFigure(units), vniFigure({ layers: units }, { title: "Vanishing nodes (VNI)" })] : []),
    ...(layers.some(({ signal }) => signal) ? [scaleFigure({ layers })] : []),
    ...(layers.some(({ gradient }) => gradient) ? [gradientsFigure({ layers })] : []),
    ...(layers.some(({ slope, deadUnits }) => slope ?? (bornDead && deadUnits)) ? [unitsFigure({ layers })] : []),
    ...(layers.some(({ effectiveRank }) => isNumber(effectiveRank)) ? [rankFigure(layers)] : []),
    ...(widthLimit ? [limitFigure(widthLimit)] : []),
  ];
}

type Nodes = NonNullable<CheckResult["nodes"]>["layers"];

function nodesOf({ layer, units, vni, effectiveNodes }: CheckedLayer): Nodes {
  return vni && units !== undefined ? [{ layer, units, vni, effectiveNodes: effectiveNodes ?? null }] : [];
}

const layerAxis = { label: "hidden layer", whole: true };

function nodesFigure(layers: Nodes): Figure {
  return lineFigure({
    title: "Effective nodes",
    x: layerAxis,
    y: { label: "different units that the layer is worth", scale: "log" },
    series: [
      { name: "effective nodes", x: layers.map(({ layer }) => layer), y: layers.map(({ effectiveNodes }) => effectiveNodes) },
      {
        name: "units",
        dash: "dotted",
        tone: "neutral",
        x: layers.map(({ layer }) => layer),
        y: layers.map(({ units }) => units),
      },
    ],
  });
}

function rankFigure(layers: readonly CheckedLayer[]): Figure {
  return lineFigure({
    title: "Dimensions of the signal",
    x: layerAxis,
    y: { label: "effective rank" },
    series: [{ x: layers.map(({ layer }) => layer), y: layers.map(({ effectiveRank }) => effectiveRank ?? null) }],
  });
}

function limitFigure({ layers }: NonNullable<CheckResult["widthLimit"]>): Figure {
  return lineFigure({
    title: "Distance from infinite width",
    x: layerAxis,
    y: { label: "by how much a network's kernel differs (share)" },
    series: [{ x: layers.map(({ layer }) => layer), y: layers.map(({ deviation }) => deviation) }],
  });
}
