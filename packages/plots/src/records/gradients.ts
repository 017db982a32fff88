import { linePanel, type Series } from "../charts/line.js";
import type { Figure, FigureText } from "../figure.js";
import { some } from "./estimate.js";
import { layerAxis, layerNumbers } from "./layer-axis.js";

interface Level {
  readonly mean?: number | null;
  readonly standardError?: number | null;
}

interface ExpectedLevel {
  readonly expected?: { readonly value: number | null };
}

/** Gradients through the layers, of `sonde check`, as far as they are drawn. */
export interface GradientsResult {
  readonly layers: readonly {
    readonly layer: number;
    readonly gradient?: {
      readonly activations?: Level;
      readonly weights?: Level;
      readonly predicted?: { readonly activations?: ExpectedLevel };
    };
  }[];
}

/** ln of the mean square of the gradients by activations and by weights, against the hidden layer, with 95 % intervals, and the expectation of theory. */
export function gradientsFigure({ layers }: GradientsResult, text: FigureText = {}): Figure {
  const x = layerNumbers(layers);
  const of = (levels: readonly (Level | undefined)[]): Pick<Series, "y" | "low" | "high"> => {
    const around = (sign: number) =>
      levels.map((level) =>
        typeof level?.mean === "number" ? level.mean + sign * 1.96 * Math.max(0, finite(level.standardError)) : null,
      );
    return { y: levels.map((level) => level?.mean ?? null), low: around(-1), high: around(1) };
  };
  const series: Series[] = [
    { name: "by activations", tone: 0, x, ...of(layers.map(({ gradient }) => gradient?.activations)) },
    { name: "by weights", tone: 1, x, ...of(layers.map(({ gradient }) => gradient?.weights)) },
    {
      name: "by activations, theory (ln of the mean)",
      tone: 2,
      dash: "dotted",
      x,
      y: layers.map(({ gradient }) => gradient?.predicted?.activations?.expected?.value ?? null),
    },
  ];
  return {
    title: text.title ?? "Size of the gradients",
    subtitle: text.subtitle,
    description: "ln of the mean square of the gradient by the activations and by the weights of each hidden layer.",
    panels: [linePanel({ x: layerAxis, y: { label: "ln mean square" }, series: series.filter(({ y }) => some(y)) })],
  };
}

function finite(value: number | null | undefined): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
