import { exp } from "@sonde/core/math";
import { lineFigure } from "@sonde/plots";
import type { Claim } from "../claim.js";
import { below, equal } from "../comparison.js";
import { type AngleRow, type AngleSettings, angleParts, anglesThrough, rowAt } from "./measured.js";

/** Means of ln sin² by an independent simulation of whole networks, at a right angle: width, layer, value, standard error. */
const replicated: readonly (readonly [width: number, layer: number, value: number, error: number])[] = [
  [16, 10, -2.5545, 0.0037],
  [16, 50, -10.5002, 0.0108],
  [64, 50, -4.9464, 0.0069],
  [64, 100, -7.4286, 0.0104],
  [256, 100, -5.5098, 0.0079],
];

export const degenerate: Claim<AngleSettings, readonly AngleRow[]> = {
  id: "angles/degenerate",
  number: "4.1",
  sentence:
    "At initialisation inputs become more and more correlated through the layers; too deep a network is nearly a random constant.",
  figureOf: "the evolution of the angle with depth",
  runs: "the angle between two inputs at a right angle through 100 layers of widths 16, 64 and 256, simulated",
  seconds: { quick: 1, standard: 5, full: 60 },
  parts: ({ scale }) => angleParts(scale, [16, 64, 256], { standard: 4000 }),
  measure: anglesThrough,
  compare: (parts) => [
    ...parts.flatMap((part) => [
      below(`1 - cos, ${part.name}, layer 50, below a third of that at layer 5`, rowAt(part, 50).apart, {
        value: rowAt(part, 5).apart.value / 3,
      }),
      below(`1 - cos, ${part.name}, layer 100, below that at layer 50`, rowAt(part, 100).apart, rowAt(part, 50).apart, {
        bears: "context",
      }),
      below(`1 - cos, ${part.name}, layer 100, nearly constant`, rowAt(part, 100).apart, { value: 0.01 }, { origin: "claim" }),
    ]),
    ...replicated.flatMap(([width, layer, value, standardError]) => {
      const part = parts.find(({ settings }) => settings.width === width);
      return part
        ? [
            equal(
              `mean ln sin², width ${width}, layer ${layer}`,
              rowAt(part, layer).simulated,
              { value, standardError },
              {
                origin: "replicated here",
                bears: "context",
              },
            ),
          ]
        : [];
    }),
  ],
  figure: (parts, { title = "Inputs become parallel with depth", subtitle }) =>
    lineFigure({
      title,
      subtitle,
      x: { label: "hidden layer", scale: "log" },
      y: { label: "1 - cos of the angle, mean", scale: "log" },
      series: parts.map(({ name, result }) => ({
        name: `${name}, ± 2 standard errors`,
        x: result.map(({ layer }) => layer),
        y: result.map(({ apart }) => apart.value),
        low: result.map(({ apart }) => apart.value - 2 * apart.standardError),
        high: result.map(({ apart }) => apart.value + 2 * apart.standardError),
      })),
      marks: [
        {
          kind: "line",
          tone: "neutral",
          dash: "dashed",
          name: "infinite width",
          x: parts[0].result.map(({ layer }) => layer),
          y: parts[0].result.map(({ infinite }) => apartOf(infinite)),
        },
      ],
    }),
};

/** 1 - cos of an angle below a right one, from ln sin². */
function apartOf(logSin2: number): number {
  const sin2 = exp(logSin2);
  return sin2 / (1 + Math.sqrt(1 - Math.min(1, sin2)));
}
