import { linePanel, type Series } from "../charts/line.js";
import type { Figure, FigureText } from "../figure.js";
import { type EstimateLike, estimates, some } from "./estimate.js";
import { layerAxis, layerNumbers } from "./layer-axis.js";

/** The size of the signal through the layers, of `sonde check`, as far as it is drawn. */
export interface ScaleResult {
  readonly layers: readonly {
    readonly layer: number;
    readonly signal?: {
      readonly logMeanSquare: EstimateLike;
      readonly logVariance: EstimateLike;
      readonly predicted?: { readonly logMeanSquare: number | null };
    };
  }[];
}

/** ln of the mean square of the activations and of their variance over the points, against the hidden layer, with 95 % intervals, and what infinite width says. */
export function scaleFigure({ layers }: ScaleResult, text: FigureText = {}): Figure {
  const x = layerNumbers(layers);
  const series: Series[] = [
    { name: "ln mean square", tone: 0, x, ...estimates(layers.map(({ signal }) => signal?.logMeanSquare)) },
    { name: "ln variance over the inputs", tone: 1, x, ...estimates(layers.map(({ signal }) => signal?.logVariance)) },
    {
      name: "ln mean square at infinite width",
      tone: 2,
      dash: "dotted",
      x,
      y: layers.map(({ signal }) => signal?.predicted?.logMeanSquare ?? null),
    },
  ];
  return {
    title: text.title ?? "Size of the signal",
    subtitle: text.subtitle,
    description: "ln of the mean square of the activations, and of their variance over the inputs, in each hidden layer.",
    panels: [linePanel({ x: layerAxis, y: { label: "ln" }, series: series.filter(({ y }) => some(y)) })],
  };
}
