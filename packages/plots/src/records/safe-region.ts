import { heatmapPanel } from "../charts/heatmap.js";
import type { Figure, FigureText, Mark, Values } from "../figure.js";
import { scientific } from "../ticks.js";
import type { EstimateLike } from "./estimate.js";

/** The largest safe number of hidden layers at one width. */
interface SafeDepth {
  readonly hiddenLayers: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
  readonly openEnded?: boolean;
}

/** The result of `sonde death --safe-region`, as far as it is drawn. */
export interface SafeRegionResult {
  readonly widths: readonly number[];
  readonly depths: readonly number[];
  readonly rows: readonly { readonly bornDead: readonly EstimateLike[] }[];
  readonly contours: readonly {
    readonly level: number;
    readonly estimated: readonly SafeDepth[];
    readonly guaranteed: readonly SafeDepth[];
  }[];
}

/** Below this probability colours do not differ. */
const least = 1e-6;

/**
 * P(born dead) in colours over width and depth; for each level the largest safe depth of every width, estimated (with its 95 % interval) and guaranteed by
 * the bound. A depth that lies beyond those computed is not drawn.
 */
export function safeRegionFigure({ widths, depths, rows, contours }: SafeRegionResult, text: FigureText = {}): Figure {
  const values = depths.flatMap((_, d) => widths.map((_, w) => rows[w]?.bornDead[d]?.value ?? null));
  const scale = depths[depths.length - 1] > 20 * depths[0] ? ("log" as const) : ("linear" as const);
  return {
    title: text.title ?? "Safe region",
    subtitle: text.subtitle,
    description: `P(born dead) in colours over width and number of hidden layers, with the largest safe depth for ${contours.map(({ level }) => percent(level)).join(", ")}.`,
    panels: [
      heatmapPanel({
        x: { label: "width of the hidden layers", whole: true, values: widths },
        y: { label: "hidden layers", scale, values: depths },
        colour: { label: "P(born dead)", scale: "log", domain: [least, 1] },
        values,
        marks: [
          ...contours.flatMap(({ level, estimated, guaranteed }, k): Mark[] => [
            {
              kind: "line",
              name: `guaranteed for ${percent(level)}`,
              tone: toneOf(k),
              dash: "dashed",
              x: widths,
              y: safe(guaranteed),
            },
            { kind: "line", name: estimatedName(level), tone: toneOf(k), x: widths, y: safe(estimated) },
          ]),
          ...contours.map(({ level, estimated }, k): Mark => {
            const end = (which: "low" | "high") =>
              estimated.map((depth) => (depth.openEnded ? null : (depth[which] ?? depth.hiddenLayers)));
            return {
              kind: "dots",
              name: estimatedName(level),
              tone: toneOf(k),
              x: widths,
              y: safe(estimated),
              low: end("low"),
              high: end("high"),
            };
          }),
        ],
      }),
    ],
  };
}

function safe(depths: readonly SafeDepth[]): Values {
  return depths.map(({ hiddenLayers, openEnded }) => (openEnded ? null : hiddenLayers));
}

function toneOf(contour: number): number {
  return [1, 3, 0, 4][contour % 4];
}

function estimatedName(level: number): string {
  return `safe depth for ${percent(level)}, 95 % interval`;
}

function percent(level: number): string {
  return `${scientific(100 * level)} %`;
}
