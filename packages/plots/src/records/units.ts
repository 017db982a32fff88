import { linePanel, type Series } from "../charts/line.js";
import type { Figure, FigureText } from "../figure.js";
import { type EstimateLike, estimates } from "./estimate.js";
import { layerAxis, layerNumbers } from "./layer-axis.js";

/** What is said of the units of each layer, of `sonde check`, as far as it is drawn. */
export interface UnitsResult {
  readonly layers: readonly {
    readonly layer: number;
    readonly deadUnits?: EstimateLike;
    readonly constantUnits?: EstimateLike;
    readonly slope?: EstimateLike;
    readonly saturated?: EstimateLike;
    readonly linear?: EstimateLike;
  }[];
}

/** Shares of units that are dead or constant, of values that are saturated, of the output that is linear in the pre-activation, and the mean slope, with 95 % intervals. */
export function unitsFigure({ layers }: UnitsResult, text: FigureText = {}): Figure {
  const x = layerNumbers(layers);
  const series = (
    [
      ["dead units", "deadUnits"],
      ["constant units", "constantUnits"],
      ["saturated values", "saturated"],
      ["linear share", "linear"],
      ["mean slope over the largest", "slope"],
    ] as const
  ).map(
    ([name, field], tone): Series => ({
      name,
      tone,
      dash: field === "constantUnits" ? "dashed" : "solid",
      x,
      ...estimates(layers.map((layer) => layer[field])),
    }),
  );
  const shown = series.filter(({ y }) => y.some((value) => typeof value === "number"));
  return {
    title: text.title ?? "Units and slopes",
    subtitle: text.subtitle,
    description: `Shares in each hidden layer: ${shown.map(({ name }) => name).join(", ")}.`,
    panels: [linePanel({ x: layerAxis, y: { label: "share", domain: [0, 1] }, series: shown })],
  };
}
