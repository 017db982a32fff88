import { heatmapPanel } from "../charts/heatmap.js";
import type { Figure, FigureText, Mark, Values } from "../figure.js";
import { isolines } from "../isolines.js";
import { scientific } from "../ticks.js";

/** A phase diagram over weight and bias variance; grids are [bias variances, weight variances], row-major. */
export interface PhaseResult {
  readonly weightVariances: readonly number[];
  readonly biasVariances: readonly number[];
  /** Layers over which the correlation of two inputs is remembered; Infinity (or null) on the critical line. */
  readonly xiC: Values;
  /** Growth of a small difference in a layer: below 1 in order, above in chaos. */
  readonly chi1: Values;
  /** The edge of chaos. */
  readonly criticalLine: readonly { readonly weightVariance: number; readonly biasVariance: number }[];
}

/** Depth scales that contours are drawn for. */
const levels = [2, 5, 10, 20, 50];

/** The depth scale of the correlation in colours over weight and bias variance, with contours and the line between order (left) and chaos (right). */
export function phaseFigure(
  { weightVariances, biasVariances, xiC, chi1, criticalLine }: PhaseResult,
  { activation, ...text }: FigureText & { readonly activation?: string } = {},
): Figure {
  // On the critical line the depth scale is infinite; its inverse, with the sign of chi_1 - 1, goes through 0 there without a bend, so that contours lie where they should between grid points.
  const inverse = xiC.map((xi, k) => {
    const slope = chi1[k];
    if (slope === 1) return 0;
    return xi === null || slope === null ? null : Math.sign(slope - 1) / xi;
  });
  const grid = { xs: weightVariances, ys: biasVariances, values: inverse };
  return {
    title: text.title ?? `Order and chaos${activation ? ` of ${activation}` : ""}`,
    subtitle: text.subtitle,
    description: `The depth scale of the correlation over weight and bias variance, with its contours at ${levels.join(", ")} layers; order lies left of the critical line, chaos right of it.`,
    panels: [
      heatmapPanel({
        x: { label: "weight variance σ² (weights times fan-in)", values: weightVariances },
        y: { label: "bias variance σ²", values: biasVariances },
        colour: { label: "depth scale ξ of the correlation (layers)", scale: "log", domain: [1, 100] },
        values: xiC,
        marks: [
          ...levels.map(
            (level): Mark => ({
              kind: "paths",
              name: "contours of ξ",
              tone: "neutral",
              label: scientific(level),
              paths: [-1, 1].flatMap((side) => isolines(grid, side / level)),
            }),
          ),
          {
            kind: "line",
            name: "edge of chaos",
            tone: 1,
            x: criticalLine.map(({ weightVariance }) => weightVariance),
            y: criticalLine.map(({ biasVariance }) => biasVariance),
          },
        ],
      }),
    ],
  };
}
