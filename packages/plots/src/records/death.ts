import { linePanel } from "../charts/line.js";
import { drawable } from "../drawable.js";
import type { Figure, FigureText, Mark } from "../figure.js";
import { type EstimateLike, estimates } from "./estimate.js";
import { layerAxis, layerNumbers } from "./layer-axis.js";

/** The result of `sonde death`, as far as it is drawn. */
export interface DeathResult {
  readonly bornDead: EstimateLike;
  readonly bounds?: { readonly lower: number | null; readonly upper: number | null };
  readonly layers: readonly { readonly layer: number; readonly livingRatio: EstimateLike; readonly deadHere: EstimateLike }[];
}

/** Below this probability the axis of probabilities is logarithmic. */
const small = 0.02;

/** The living points through the layers, and the probability that a network died in a layer and up to it, between the bounds of P(born dead). */
export function deathFigure({ bornDead, bounds, layers }: DeathResult, text: FigureText = {}): Figure {
  const x = layerNumbers(layers);
  const deadHere = estimates(layers.map((layer) => layer.deadHere));
  let sum = 0;
  const deadSoFar = deadHere.y.map((value) => {
    sum += value ?? 0;
    return sum;
  });
  const scale = (bornDead.value ?? 1) < small && deadSoFar.some((value) => value > 0) ? "log" : "linear";
  const rule = (at: number | null | undefined): Mark[] =>
    drawable(at) ? [{ kind: "rule", axis: "y", at, tone: "neutral", dash: "dashed", name: "proven bounds of P(born dead)" }] : [];
  const last = x.slice(-1);
  return {
    title: text.title ?? "Where networks die",
    subtitle: text.subtitle,
    description:
      "Left: the share of living data points in each hidden layer. Right: the probability that a network died in a layer, and up to it.",
    panels: [
      linePanel({
        title: "Living points",
        x: layerAxis,
        y: { label: "share of points alive", domain: [0, 1] },
        series: [{ name: "mean and 95 % interval", x, ...estimates(layers.map(({ livingRatio }) => livingRatio)) }],
      }),
      linePanel({
        title: "Dead networks",
        x: layerAxis,
        y: { label: "probability", scale },
        series: [
          { name: "died in this layer, 95 % interval", tone: 1, x, ...deadHere },
          { name: "dead up to this layer", tone: 0, x, y: deadSoFar },
        ],
        marks: [
          ...rule(bounds?.lower),
          ...rule(bounds?.upper),
          {
            kind: "dots",
            name: "P(born dead), 95 % interval",
            tone: 3,
            x: last,
            y: last.map(() => bornDead.value),
            low: last.map(() => bornDead.low ?? null),
            high: last.map(() => bornDead.high ?? null),
          },
        ],
      }),
    ],
  };
}
